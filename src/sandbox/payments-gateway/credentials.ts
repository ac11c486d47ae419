import { randomBytes } from 'node:crypto'
import type { Clock } from '../clock.ts'
import { ApiError } from '../rest/api-error.ts'

const TOKEN_LIFE_SECONDS = 3600
const refused = () => new ApiError(401, 'invalid_api_key', 'Invalid API key')

/** Who may do what. Every key and secret is accepted but `invalid`. */
export class Credentials {
  readonly #clock: Clock
  readonly #tokens = new Map<string, number>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /**
   * A merchant's server: HTTP Basic `apiKey:apiSecret`, an access token of {@link issue}, or a JWT (any signature; `iss`
   * is the key; `exp` in the future).
   * @throws ApiError 401, or 403 for a publishable key (`pk_…`).
   */
  requireServer(request: Request): void {
    const [, scheme = '', value = ''] = /^(\S+) (\S+)$/.exec(request.headers.get('authorization') ?? '') ?? []
    if (value.startsWith('pk_')) throw new ApiError(403, 'publishable_key', 'A publishable key only creates tokens')
    if (scheme === 'Basic' ? isPair(value) : scheme === 'Bearer' && this.#isBearer(value)) return
    throw refused()
  }

  /**
   * A page: `Bearer pk_…`.
   * @throws ApiError 401, or 403 for anything that is no publishable key.
   */
  requirePublishable(request: Request): void {
    const [, scheme = '', key = ''] = /^(\S+) (\S+)$/.exec(request.headers.get('authorization') ?? '') ?? []
    if (scheme === '') throw refused()
    if (scheme !== 'Bearer' || !key.startsWith('pk_')) {
      throw new ApiError(403, 'secret_key_in_page', 'Tokens are created with a publishable key, never with a secret')
    }
    if (key === 'pk_invalid') throw refused()
  }

  /** An OAuth 2.0 access token for client credentials, which `clientId` and `secret` are. Throws ApiError 401. */
  issue(clientId: string, secret: string): { access_token: string; token_type: 'Bearer'; expires_in: number } {
    if (clientId === '' || secret === '' || clientId === 'invalid' || secret === 'invalid') {
      throw new ApiError(401, 'invalid_client', 'Invalid client credentials')
    }
    const token = `at_${randomBytes(24).toString('base64url')}`
    this.#tokens.set(token, this.#clock.now() + TOKEN_LIFE_SECONDS * 1000)
    return { access_token: token, token_type: 'Bearer', expires_in: TOKEN_LIFE_SECONDS }
  }

  forget(): void {
    this.#tokens.clear()
  }

  #isBearer(value: string): boolean {
    const expires = this.#tokens.get(value)
    return expires === undefined ? isJwt(value, this.#clock.now()) : this.#clock.now() < expires
  }
}

/** `apiKey:apiSecret` in Base64, neither of them `invalid`. */
function isPair(value: string): boolean {
  const [, key, secret] = /^([^:]+):(.+)$/.exec(Buffer.from(value, 'base64').toString('utf8')) ?? []
  return key !== undefined && secret !== undefined && key !== 'invalid' && secret !== 'invalid'
}

function isJwt(value: string, now: number): boolean {
  const [head, body, signature, ...more] = value
    .split('.')
    .map((part) => Buffer.from(part, 'base64url').toString('utf8'))
  if (!head || !body || !signature || more.length > 0) return false
  try {
    const { alg } = JSON.parse(head)
    const { iss, exp } = JSON.parse(body)
    return alg !== 'none' && typeof iss === 'string' && iss !== 'invalid' && Number(exp) * 1000 > now
  } catch {
    return false
  }
}
