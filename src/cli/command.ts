/** Where a command writes its lines. */
export interface Terminal {
  readonly out: (line: string) => void
  readonly error: (line: string) => void
}

/** One subcommand. */
export interface Command {
  /** One line for the list of commands. */
  readonly summary: string
  /** What `--help` prints. */
  readonly usage: string
  /**
   * Does the work and resolves with the exit code once it is over.
   * @throws UsageError, or what `parseArgs` throws, for arguments that make no sense.
   */
  run(args: readonly string[], terminal: Terminal): Promise<number>
}

/** The arguments make no sense; the message says which. Not for things that go wrong later. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** True for errors that the person at the keyboard caused by what was typed. */
export const isUsageError = (error: unknown): error is Error =>
  error instanceof UsageError ||
  (error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS'))
