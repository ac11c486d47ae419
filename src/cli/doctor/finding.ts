/** Environment variables, as text. */
export type Variables = Readonly<Record<string, string | undefined>>

/** What one look found. `skipped`: it could not or need not be looked at. */
export interface Finding {
  readonly what: string
  readonly verdict: 'ok' | 'wrong' | 'skipped'
  /** What was seen, or what to change. Never holds a secret. */
  readonly words: string
}

/** A short way to say what was found about one thing. */
export function about(what: string) {
  const finding =
    (verdict: Finding['verdict']) =>
    (words: string): Finding => ({ what, verdict, words })
  return { ok: finding('ok'), wrong: finding('wrong'), skipped: finding('skipped') }
}

/** The reason of a failure in a few words. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const code = 'code' in error ? String(error.code) : ''
  return error.message || code || error.name
}
