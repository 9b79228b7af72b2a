/**
 * Text from an untrusted file, made fit to be shown: one line, printable ASCII, not long.
 *
 * A name in a crafted file may hold line breaks, terminal control codes or right-to-left marks that make a message
 * say something else than it does.
 */

const SHOWN = 80;

/** `text` in double quotes, escaped as JSON does and beyond ASCII as \uXXXX, cut after 80 characters. */
export function quoted(text: string): string {
  const short = text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
  return JSON.stringify(short).replace(
    /[^\x20-\x7e…]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
