"""What ftfy, Python's html and OpenAI's CLIP make of texts, for src/models/clip/clean-text.test.ts.

    python -m venv venv && venv/bin/pip install ftfy==6.3.1
    venv/bin/python oracle/clean_text.py fixtures/clip-clean-text.json

`characters` are all of Unicode's characters that `ftfy.fix_text` turns into anything but their NFC form; all others
(surrogates apart, which no text holds singly) it leaves at that. `texts` go through all of CLIP's cleaning: basic_clean,
whitespace_clean, lower.
"""
import html
import html.entities
import json
import re
import sys
import unicodedata
from importlib.metadata import version

import ftfy


def clip_clean(text):
    text = html.unescape(html.unescape(ftfy.fix_text(text))).strip()
    return re.sub(r"\s+", " ", text).strip().lower()


characters = {}
guessed = []
for code in range(0x110000):
    if 0xD800 <= code < 0xE000:
        continue
    c = chr(code)
    fixed = ftfy.fix_text(c)
    if fixed != unicodedata.normalize("NFC", c):
        characters[f"{code:04x}"] = fixed
    if fixed != ftfy.fix_text(c, fix_encoding=False):
        guessed.append(f"{code:04x}")

TEXTS = [
    # width
    "ｶﾀｶﾅ", "ﾊﾟｰﾌﾟﾙのｶﾞﾗｽ", "Ｕﾀｰﾝ", "ＬＯＵＤ　ＮＯＩＳＥＳ", "ﾡﾢﾣ ￡100 ￥ ￦ ￨", "ｳﾞ ﾊ゛ ﾊﾞ", "Ｐｕｒｐｌｅ　Ｈａｉｒ！？", "＆ａｍｐ； ＆lt；",
    # what stays, though it has a compatibility form
    "10³ m² ½ ① ™ ℃ ㎏ Ⅳ ﷺ ª º ſ", "𝓹𝓾𝓻𝓹𝓵𝓮 ⓟⓤⓡⓟⓛⓔ", "ﬠ ﬓ", "…", "豈 Å Ω",
    # ligatures
    "ﬁne ﬂuﬃeﬆ ﬀ ﬄ", "Ĳssel ŉ Ǆ ǅ ǆ Ǉ Ǌ Ǳ",
    # quotes
    "“curly” ‘single’ ‚low‛ „low“ ‟high", "it’s ʼn ʼtis «guillemets» ‹x› `x´ ′prime″",
    # line breaks and white space
    "a\r\nb\rc\u2028d\u2029e\x0bf\x0cg\x1ch", " \u00a0a\u2003b\u200bc\ufeffd\u3000\u180e e ", "a\x85b",
    # control characters, C1, terminal escapes
    "a\x00b\x07c\x7fd\u206ae\ufff9f\ufffcg", "price\x8010 \x93hi\x94 \x81\x9d", "\x1b[36;44mblue\x1b[0m \x1b[A \x1b[ x \x1b", "\x1b[１m wide",
    "joined\u200dup \u200eleft \u202aembed\u202c \U0001d173 \U000e0067",
    # composition
    "cafe\u0301 A\u030a", "\u1112\u1161\u11ab", "ｶ\u3099",
    # HTML, once and more, in upper case, with tags
    "&lt;b&gt; &amp;amp; &amp;amp;lt; &amp;amp;amp;amp;lt;", "&eacute; &EACUTE; P&EACUTE;REZ &SZLIG; &NTILDE; &nTILDE; &THETA;",
    "&ldquo;hi&rdquo; it&rsquo;s", "<b>&ldquo;hi&rdquo;</b> &EACUTE;", "a &rsquo;\nb <i> &rsquo;\nc &rsquo;", "&amp this&not that &copy2026 &ampere;",
    "&AMP; &LT; &GT; &QUOT; &COPY; &REG; &TRADE; &AMP &LTx &ETH; &THORN;", "&#65; &#x41; &#X41; &#65 &#x2019; &#59; &#38;amp; &#0; &#13;x &#128; &#x9d; &#11; &#31;",
    "&#xd800; &#x110000; &#99999999999; &#xfffe; &#xfdd0; &#x1ffff; &#zz; &#; &;", "&#xfeff;a &#x200b;", "&hearts; &hearts &nope; &ﬁ;", "＆ｅａｃｕｔｅ；",
    "&#xff76;&#xff9e;", "&#8220;x&#8221;",
    "\n".join(f"&{name};" for name in sorted(html.entities.name2codepoint)),
    "\n".join(f"&{name}" for name in sorted(html.entities.name2codepoint)),
    "\n".join(f"&{name.upper()};" for name in sorted(html.entities.name2codepoint)),
    " ".join(f"&#{code};" for code in [*range(0, 33), *range(126, 162)]),
    # case
    "ÀÉ ẞ İ ΟΔΟΣ Σ ΑΣ.", "ǅ Ω K",
    # nothing to do
    "", " ", "a person with purple hair", "紫の髪の人 👩‍🦰 🏴󠁧󠁢󠁷󠁬󠁳󠁿", "naïve façade — “dash”",
]  # fmt: skip

data = {
    "ftfy": version("ftfy"),
    "unicode": unicodedata.unidata_version,
    "characters": characters,
    "texts": [{"text": text, "cleaned": clip_clean(text)} for text in TEXTS],
}
with open(sys.argv[1], "w", encoding="ascii") as file:
    json.dump(data, file, indent=0)
    file.write("\n")
print(f"ftfy {data['ftfy']}, Unicode {data['unicode']}: {len(characters)} characters changed beyond NFC, {len(TEXTS)} texts")
guessed += [text for text in TEXTS if ftfy.fix_text(text) != ftfy.fix_text(text, fix_encoding=False)]
print("of these the guess of an encoding, which we don't do, changes:", guessed or "none")
