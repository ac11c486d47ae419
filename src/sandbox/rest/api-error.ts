/** An error of the REST gateways: `{ "error": { type, code, message, … } }` with its HTTP status. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly status: number
  readonly code: string
  /** Further members of `error`, such as `param` or `payment`. */
  readonly extras: Readonly<Record<string, unknown>>

  constructor(status: number, code: string, message: string, extras: Readonly<Record<string, unknown>> = {}) {
    super(message)
    this.status = status
    this.code = code
    this.extras = extras
  }

  /** The answer that the API gives. */
  toResponse(): Response {
    const type = TYPES[this.status] ?? 'invalid_request_error'
    const error = { type, code: this.code, message: this.message, ...this.extras }
    return Response.json({ error }, { status: this.status })
  }
}

const TYPES: Readonly<Record<number, string>> = {
  401: 'authentication_error',
  402: 'card_error',
  403: 'permission_error',
  409: 'conflict_error',
}

/** 400 that names the field. */
export const badField = (param: string, message: string): ApiError =>
  new ApiError(400, 'parameter_invalid', `${param} ${message}`, { param })

/** 404 for an id that means nothing. */
export const unknownId = (what: string, id: string): ApiError =>
  new ApiError(404, 'resource_missing', `No such ${what}: ${id}`)

/** 409 for a step that the present status does not allow. */
export const wrongStatus = (step: string, status: string): ApiError =>
  new ApiError(409, 'payment_unexpected_state', `A payment that is ${status} cannot be ${step}`, { status })

/** `work`, with ApiErrors turned into their answers. */
export const guarded = (work: () => Promise<Response>) => async (): Promise<Response> => {
  try {
    return await work()
  } catch (error) {
    if (error instanceof ApiError) return error.toResponse()
    throw error
  }
}
