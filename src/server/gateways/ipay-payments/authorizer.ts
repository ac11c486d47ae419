import { ownMembers } from '../../../contract/own-members.ts'
import type { Authorizer } from '../api-client.ts'
import { checkedUrl } from '../checked-url.ts'
import { checkedText, checkSecret, type Secret, SecretError, secretText } from '../secret.ts'
import { createOAuthToken } from './oauth-token.ts'

/**
 * How the Payments API is told who asks.
 * - `basic`: one merchant's server, HTTP Basic of `apiKey:apiSecret`
 * - `oauth`: several tenants, OAuth 2.0 client credentials; the token is fetched, kept and renewed here
 * - `jwt`: a function that gives a signed JWT, asked for at each call
 */
export type PaymentsAuth =
  | { readonly kind: 'basic'; readonly apiKey: Secret; readonly apiSecret: Secret }
  | {
      readonly kind: 'oauth'
      readonly clientId: Secret
      readonly clientSecret: Secret
      readonly scope?: string
      /** Default: `/oauth/token` below the base address. */
      readonly tokenUrl?: string
    }
  | { readonly kind: 'jwt'; readonly token: () => string | Promise<string> }

/** The header of HTTP Basic, from two secrets by their names. @throws SecretError when a function gives none */
const basic = (pair: Readonly<Record<string, Secret>>): string => {
  const texts = Object.entries(pair).map(([name, secret]) => secretText(name, secret))
  return `Basic ${Buffer.from(texts.join(':')).toString('base64')}`
}

/**
 * @param baseUrl without a slash at its end
 * @param now milliseconds since 1970
 * @throws TypeError for a secret that is not there, or a token's address that it must not travel to
 */
export function createAuthorizer(given: PaymentsAuth, baseUrl: string, now: () => number): Authorizer {
  const auth = ownMembers(given)
  switch (auth.kind) {
    case 'basic': {
      const { apiKey, apiSecret } = auth
      checkSecret('apiKey', apiKey)
      checkSecret('apiSecret', apiSecret)
      // A secret that is a function may have been rotated a moment ago; the same pair again would be refused again.
      return { header: async () => ({ value: basic({ apiKey, apiSecret }) }), refused: differs(auth) }
    }
    case 'oauth': {
      checkSecret('clientId', auth.clientId)
      checkSecret('clientSecret', auth.clientSecret)
      const { clientId, clientSecret, scope } = auth
      const tokenUrl = checkedUrl('tokenUrl', auth.tokenUrl ?? `${baseUrl}/oauth/token`)
      return createOAuthToken({ tokenUrl, scope, credentials: () => basic({ clientId, clientSecret }), now })
    }
    case 'jwt':
      return {
        async header() {
          const token: unknown = await Promise.resolve()
            .then(() => auth.token())
            .catch(() => {
              throw new SecretError('the JWT', 'threw')
            })
          return { value: `Bearer ${checkedText('the JWT', token)}` }
        },
        refused: () => true,
      }
  }
}

const differs =
  ({ apiKey, apiSecret }: Extract<PaymentsAuth, { kind: 'basic' }>) =>
  (value: string) =>
    basic({ apiKey, apiSecret }) !== value
