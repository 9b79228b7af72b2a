/**
 * HTML entities to characters, as Python's `html.unescape` does for the entities of HTML 4.01 and for numeric ones.
 *
 * Of the names that only HTML 5 knows there are just those in capitals (`&AMP;`); all others are left as they stand. As in
 * HTML 5, the entities of Latin-1 (`&amp`, `&eacute` ...) count without their semicolon too, and numbers 128 to 159 mean
 * Windows-1252.
 */

/** Name and hexadecimal code point, as of HTML 5, of the 252 entities of HTML 4.01 and of seven that came in capitals later. */
const NAMED: ReadonlyMap<string, string> = new Map(
  (
      'AElig:c6 Aacute:c1 Acirc:c2 Agrave:c0 Alpha:391 Aring:c5 Atilde:c3 Auml:c4 Beta:392 Ccedil:c7 Chi:3a7 ' +
      'Dagger:2021 Delta:394 ETH:d0 Eacute:c9 Ecirc:ca Egrave:c8 Epsilon:395 Eta:397 Euml:cb Gamma:393 Iacute:cd ' +
      'Icirc:ce Igrave:cc Iota:399 Iuml:cf Kappa:39a Lambda:39b Mu:39c Ntilde:d1 Nu:39d OElig:152 Oacute:d3 Ocirc:d4 ' +
      'Ograve:d2 Omega:3a9 Omicron:39f Oslash:d8 Otilde:d5 Ouml:d6 Phi:3a6 Pi:3a0 Prime:2033 Psi:3a8 Rho:3a1 ' +
      'Scaron:160 Sigma:3a3 THORN:de Tau:3a4 Theta:398 Uacute:da Ucirc:db Ugrave:d9 Upsilon:3a5 Uuml:dc Xi:39e ' +
      'Yacute:dd Yuml:178 Zeta:396 aacute:e1 acirc:e2 acute:b4 aelig:e6 agrave:e0 alefsym:2135 alpha:3b1 amp:26 ' +
      'and:2227 ang:2220 aring:e5 asymp:2248 atilde:e3 auml:e4 bdquo:201e beta:3b2 brvbar:a6 bull:2022 cap:2229 ' +
      'ccedil:e7 cedil:b8 cent:a2 chi:3c7 circ:2c6 clubs:2663 cong:2245 copy:a9 crarr:21b5 cup:222a curren:a4 ' +
      'dArr:21d3 dagger:2020 darr:2193 deg:b0 delta:3b4 diams:2666 divide:f7 eacute:e9 ecirc:ea egrave:e8 empty:2205 ' +
      'emsp:2003 ensp:2002 epsilon:3b5 equiv:2261 eta:3b7 eth:f0 euml:eb euro:20ac exist:2203 fnof:192 forall:2200 ' +
      'frac12:bd frac14:bc frac34:be frasl:2044 gamma:3b3 ge:2265 gt:3e hArr:21d4 harr:2194 hearts:2665 hellip:2026 ' +
      'iacute:ed icirc:ee iexcl:a1 igrave:ec image:2111 infin:221e int:222b iota:3b9 iquest:bf isin:2208 iuml:ef ' +
      'kappa:3ba lArr:21d0 lambda:3bb lang:27e8 laquo:ab larr:2190 lceil:2308 ldquo:201c le:2264 lfloor:230a ' +
      'lowast:2217 loz:25ca lrm:200e lsaquo:2039 lsquo:2018 lt:3c macr:af mdash:2014 micro:b5 middot:b7 minus:2212 ' +
      'mu:3bc nabla:2207 nbsp:a0 ndash:2013 ne:2260 ni:220b not:ac notin:2209 nsub:2284 ntilde:f1 nu:3bd oacute:f3 ' +
      'ocirc:f4 oelig:153 ograve:f2 oline:203e omega:3c9 omicron:3bf oplus:2295 or:2228 ordf:aa ordm:ba oslash:f8 ' +
      'otilde:f5 otimes:2297 ouml:f6 para:b6 part:2202 permil:2030 perp:22a5 phi:3c6 pi:3c0 piv:3d6 plusmn:b1 ' +
      'pound:a3 prime:2032 prod:220f prop:221d psi:3c8 quot:22 rArr:21d2 radic:221a rang:27e9 raquo:bb rarr:2192 ' +
      'rceil:2309 rdquo:201d real:211c reg:ae rfloor:230b rho:3c1 rlm:200f rsaquo:203a rsquo:2019 sbquo:201a ' +
      'scaron:161 sdot:22c5 sect:a7 shy:ad sigma:3c3 sigmaf:3c2 sim:223c spades:2660 sub:2282 sube:2286 sum:2211 ' +
      'sup:2283 sup1:b9 sup2:b2 sup3:b3 supe:2287 szlig:df tau:3c4 there4:2234 theta:3b8 thetasym:3d1 thinsp:2009 ' +
      'thorn:fe tilde:2dc times:d7 trade:2122 uArr:21d1 uacute:fa uarr:2191 ucirc:fb ugrave:f9 uml:a8 upsih:3d2 ' +
      'upsilon:3c5 uuml:fc weierp:2118 xi:3be yacute:fd yen:a5 yuml:ff zeta:3b6 zwj:200d zwnj:200c ' +
      'AMP:26 COPY:a9 GT:3e LT:3c QUOT:22 REG:ae TRADE:2122'
  )
    .split(' ')
    .map((entry) => {
      const [name = '', code = ''] = entry.split(':');
      return [name, String.fromCodePoint(Number.parseInt(code, 16))];
    }),
);

/** Windows-1252's characters for 128 to 159; 0 where it has none. */
const WINDOWS_1252 = [
  0x20ac, 0x81, 0x201a, 0x192, 0x201e, 0x2026, 0x2020, 0x2021, 0x2c6, 0x2030, 0x160, 0x2039, 0x152, 0x8d, 0x17d, 0x8f,
  0x90, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x2dc, 0x2122, 0x161, 0x203a, 0x153, 0x9d, 0x17e, 0x178,
];

/** The character that a C1 control, 0x80 to 0x9f, stands for where it came from Windows. */
export function windows1252(code: number): string {
  return String.fromCodePoint(WINDOWS_1252[code - 0x80] ?? code);
}

/** The character that a numeric entity stands for. */
function numeric(code: number): string {
  if (code >= 0x80 && code <= 0x9f) return windows1252(code);
  if (code === 0 || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return '\ufffd';
  const control = (code < 0x20 && code !== 9 && code !== 10 && code !== 12 && code !== 13) || code === 0x7f;
  const noCharacter = (code >= 0xfdd0 && code <= 0xfdef) || (code & 0xfffe) === 0xfffe;
  return control || noCharacter ? '' : String.fromCodePoint(code);
}

/** The character of a name; Latin-1 names may lack the semicolon and be followed by more letters. */
function named(body: string): string | undefined {
  if (body.endsWith(';')) {
    const exact = NAMED.get(body.slice(0, -1));
    if (exact !== undefined) return exact;
  }
  for (let end = body.length; end > 1; end--) {
    const character = NAMED.get(body.slice(0, end));
    if (character !== undefined && character <= '\u00ff') return character + body.slice(end);
  }
  return undefined;
}

/** Replaces HTML entities by their characters. */
export function unescapeHtml(text: string): string {
  return text.replace(/&(#[xX][0-9a-fA-F]+;?|#[0-9]+;?|[a-zA-Z0-9]+;?)/gu, (whole, body: string) => {
    if (body.startsWith('#')) {
      const digits = body.replace(';', '');
      const hexadecimal = /^#x/iu.test(digits);
      return numeric(Number.parseInt(digits.slice(hexadecimal ? 2 : 1), hexadecimal ? 16 : 10));
    }
    return named(body) ?? whole;
  });
}

/**
 * Replaces the entities that ftfy is sure of: those with a semicolon. Names in lower case may be in capitals, and then mean
 * their character in capitals: `&EACUTE;` is É, `&SZLIG;` SS.
 */
export function unescapeWholeEntities(text: string): string {
  return text.replace(/&(#?)([0-9A-Za-z]{1,24});/gu, (whole, number: string, name: string) => {
    if (number === '') {
      const capitals = name === name.toUpperCase() ? NAMED.get(name.toLowerCase())?.toUpperCase() : undefined;
      return NAMED.get(name) ?? capitals ?? whole;
    }
    const character = unescapeHtml(whole);
    return character.includes(';') ? whole : character;
  });
}
