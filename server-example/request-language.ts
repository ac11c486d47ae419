import { parse } from 'hono/utils/cookie'
import { LANGUAGE_COOKIE, type Language, languageOf } from './language.ts'

/** The language of a request that is no page's: the choice that the shop's pages kept, else what the browser prefers. */
export function requestLanguage({ headers }: Request): Language {
  const kept = parse(headers.get('cookie') ?? '', LANGUAGE_COOKIE)[LANGUAGE_COOKIE]
  return languageOf(new URLSearchParams(), kept, headers.get('accept-language') ?? undefined)
}
