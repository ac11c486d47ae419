/** An error of the control requests. */
export const refusal = (status: number, message: string): Response => Response.json({ message }, { status })

/** The caller's mistake (TypeError, SyntaxError) becomes 400; anything else is ours and is thrown again. */
export function badRequest(error: unknown): Response {
  if (error instanceof TypeError || error instanceof SyntaxError) return refusal(400, error.message)
  throw error
}
