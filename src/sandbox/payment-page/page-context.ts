import { chooseLanguage, type Language } from './texts.ts'

/** What every page shows. */
export interface PageContext {
  readonly language: Language
  /** This page in the other language. */
  readonly switchHref: string
  /** Milliseconds since 1970. */
  readonly now: number
  /** Name of the site, where it is not the wallet. */
  readonly brand?: string
}

/**
 * The context of a page that is asked for: `?lang=` decides the language, else the one that the merchant named with the
 * order, else `Accept-Language`.
 */
export function pageContext(request: Request, now: number, named?: string): PageContext {
  const here = new URL(request.url)
  const wanted = here.searchParams.get('lang') ?? named
  const language = chooseLanguage(wanted, request.headers.get('accept-language') ?? undefined)
  here.searchParams.set('lang', language === 'en' ? 'bn' : 'en')
  return { language, switchHref: here.pathname + here.search, now }
}
