/** A run's name made of the texts it edits towards: letters, digits and hyphens, not too long. */

const LONGEST = 60;

/** `a person with purple hair` → `a-person-with-purple-hair`; texts in other alphabets → `edit`. */
export function nameOfTexts(texts: readonly string[]): string {
  const name = texts
    .join(' then ')
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, LONGEST)
    .replace(/^-+|-+$/g, '');
  return name === '' ? 'edit' : name;
}
