/**
 * How much a pickle may ask for.
 *
 * Most of a pickle pays for itself: what it builds is bounded by its bytes. These are the limits for the rest, far
 * above any checkpoint in use (the pickles of StyleGAN2, CLIP and e4e take some thousands of opcodes and nest about
 * 20 deep) and low enough that a crafted file fails in seconds and within a few hundred megabytes.
 */

/** Containers within containers. Python's own pickler gives up at some hundreds (its recursion limit is 1000). */
export const MAX_DEPTH = 1000;

/** Opcodes of one pickle. It also keeps every table below the 2^24 entries that a Map holds. */
export const MAX_OPCODES = 5_000_000;

/** Lists, dicts, sets, tuples and objects: an empty one costs a byte in the file and up to 350 in memory. */
export const MAX_CONTAINERS = 500_000;

/**
 * Keys of dicts that are numbers, or text that looks like a whole number. JavaScript's tables spread these by a rule that
 * is known, so a file can choose them to all meet in one place, where finding them takes the square of their number.
 * Optimizers number their parameters: some hundreds.
 */
export const MAX_NUMBER_KEYS = 50_000;

/** A string. Protocols 0 to 2 write arrays as text, so it has to hold the largest layer of a StyleGAN2 (some 14 MB). */
export const MAX_TEXT_BYTES = 256 * 1024 * 1024;

/** Digits of an integer in text, and bytes of one in binary; torch's magic number has 10 bytes. */
export const MAX_INTEGER_DIGITS = 1000;
export const MAX_INTEGER_BYTES = 400;

/** A Python 2 `str` (text or bytes, it does not say) becomes text up to this length, if it is ASCII; bytes past it. */
export const MAX_OLD_TEXT_BYTES = 64 * 1024;

/** Length of a line of an opcode in text form that is not a string: names and persistent ids. */
export const MAX_NAME_BYTES = 4096;

/** Bytes that names turn into copies (`_codecs.encode`) may be as many as the file's, and this many more. */
export const COPY_ALLOWANCE = 64 * 1024;
