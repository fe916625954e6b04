/** What the command's exit code says. */
export const exitCodes = {
  /** Planned, and nothing to do gives an empty patch; or verified. */
  done: 0,
  /** The command could not be run as typed, something could not be read, or a check failed. */
  failed: 1,
  /** The spec or the profile is invalid. */
  invalid: 2,
  /** A name, port or host is somebody else's, or is there and differs. */
  conflict: 3,
  /** A file cannot be edited safely: the text to paste is on stderr. */
  refused: 4,
  /** A pull request is not what its record gives: another digest, or other bytes on its branch. */
  differs: 5,
} as const;
