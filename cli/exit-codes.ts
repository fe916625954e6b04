/** What the command's exit code says. */
export const exitCodes = {
  /** Planned; an identical service that is there already gives an empty patch. */
  done: 0,
  /** The command could not be run as typed, something could not be read, or a check failed. */
  failed: 1,
  /** The spec or the profile is invalid. */
  invalid: 2,
  /** A name, port or host is somebody else's, or is there and differs. */
  conflict: 3,
  /** A file cannot be edited safely: the text to paste is on stderr. */
  refused: 4,
} as const;
