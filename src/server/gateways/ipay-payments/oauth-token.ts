import * as z from 'zod'
import type { Authorizer } from '../api-client.ts'
import { callGateway, type GatewayReply } from '../http-client.ts'
import { detailOf } from '../reply-kind.ts'

/** A token is renewed this long before its end, so that none runs out on its way. */
const EARLY_MS = 60_000
/** Fetching a token outlives the call that began it: the next call uses it. */
const TOKEN_DEADLINE_MS = 5_000

const TokenReply = z.object({
  access_token: z.string().regex(/^[!-~]{1,4096}$/),
  token_type: z.string().regex(/^bearer$/i),
  expires_in: z.number().positive().max(31_536_000).optional(),
})

interface Kept {
  readonly value: string
  readonly renewAt: number
}

type Fetched = Kept | { readonly reply: GatewayReply }

/** Client credentials (RFC 6749, 4.4): one token at a time, fetched once for all who wait for it. */
export function createOAuthToken(options: {
  readonly tokenUrl: string
  readonly scope: string | undefined
  /** The `Authorization` header of the token request. */
  readonly credentials: () => string
  readonly now: () => number
}): Authorizer {
  const { tokenUrl, scope, credentials, now } = options
  let kept: Kept | undefined
  let fetching: Promise<Fetched> | undefined

  async function fetchToken(): Promise<Fetched> {
    const askedAt = now()
    const reply = await callGateway({
      method: 'POST',
      url: tokenUrl,
      headers: { authorization: credentials() },
      form: new URLSearchParams({ grant_type: 'client_credentials', ...(scope !== undefined && { scope }) }),
      signal: AbortSignal.timeout(TOKEN_DEADLINE_MS),
    })
    const token = reply.kind === 'json' && reply.status === 200 ? TokenReply.safeParse(reply.body) : undefined
    if (!token?.success) return { reply: withoutToken(reply) }
    const lifeMs = (token.data.expires_in ?? 300) * 1_000
    kept = { value: `Bearer ${token.data.access_token}`, renewAt: askedAt + Math.max(lifeMs - EARLY_MS, lifeMs / 2) }
    return kept
  }

  return {
    async header(signal) {
      if (kept && now() < kept.renewAt) return { value: kept.value }
      fetching ??= fetchToken().finally(() => {
        fetching = undefined
      })
      const late: Promise<Fetched> = new Promise((resolve) => {
        const end = () => resolve({ reply: { kind: 'unreachable', detail: 'timeout while fetching a token' } })
        if (signal.aborted) end()
        else signal.addEventListener('abort', end, { once: true })
      })
      const fetched = await Promise.race([fetching, late])
      return 'reply' in fetched ? fetched : { value: fetched.value }
    },
    refused(value) {
      if (kept?.value === value) kept = undefined
      return true
    },
  }
}

/** A refusal of our credentials stays one; whatever else went wrong at the token's address says nothing about an order. */
function withoutToken(reply: GatewayReply): GatewayReply {
  if (reply.kind !== 'unreachable' && (reply.status === 400 || reply.status === 401 || reply.status === 403)) {
    return { ...reply, status: 401 }
  }
  return { kind: 'unreachable', detail: `no token: ${detailOf(reply)}` }
}
