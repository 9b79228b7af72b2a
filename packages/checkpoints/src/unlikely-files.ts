/**
 * What a file that is no checkpoint looks like.
 *
 * Servers answer with web pages, git leaves pointers where large files should be, and archives are forgotten to be
 * unpacked. The first bytes tell which, and what to do about it.
 */

const MARKS: readonly (readonly [mark: string, at: number, what: string])[] = [
  ['version https://git-lfs', 0, 'is a pointer of Git LFS, not the file itself; fetch it with `git lfs pull`'],
  ['\x1f\x8b', 0, 'is packed with gzip; unpack it first'],
  ['BZh', 0, 'is packed with bzip2; unpack it first'],
  ['\xfd7zXZ', 0, 'is packed with xz; unpack it first'],
  ['7z\xbc\xaf\x27\x1c', 0, 'is a 7-Zip archive; unpack it first'],
  ['Rar!', 0, 'is a RAR archive; unpack it first'],
  ['ustar', 257, 'is a tar archive; unpack it first (if torch wrote it, save it again in torch 0.1.10 or later)'],
  ['\x89HDF', 0, 'is an HDF5 file, of Keras or another program; such files are not read'],
  ['ARROW1', 0, 'is an Arrow file, not a checkpoint'],
  ['\x89PNG', 0, 'is a picture (PNG), not a checkpoint'],
  ['\xff\xd8\xff', 0, 'is a picture (JPEG), not a checkpoint'],
];

/** One clause about a file's first bytes, to follow its name. */
export function unlikely(head: Uint8Array): string {
  const text = Buffer.from(head).toString('latin1');
  const found = MARKS.find(([mark, at]) => text.startsWith(mark, at));
  if (found !== undefined) return found[2];
  const start = text
    .replace(/^\xef\xbb\xbf/, '')
    .trimStart()
    .toLowerCase();
  if (/^<(!doctype|html|head|body|\?xml|!--)/.test(start))
    return 'is a web page, not a checkpoint: the server answered with a page in place of the file; download it again';
  if (/^[[{]/.test(start)) return 'is text (JSON), not a checkpoint';
  if (head.every((byte) => byte === 0))
    return 'begins with zeros: the download or the copy was not finished; get it again';
  if (isText(head)) return 'is text, not a checkpoint';
  return 'is not a checkpoint of any known format (torch, pickle, safetensors, .npy and .npz are read)';
}

/** Whether bytes are the beginning of UTF-8 text; its last character may be cut off. */
function isText(head: Uint8Array): boolean {
  if (!head.every((byte) => byte >= 0x20 || (byte >= 0x09 && byte <= 0x0d))) return false;
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true });
    return true;
  } catch {
    return false;
  }
}
