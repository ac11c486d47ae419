import { createHash } from 'node:crypto'
import { html, raw } from 'hono/html'
import type { Incident } from './problem-response.ts'
import { type PageLanguage, wordsFor } from './problem-words.ts'

const STYLE = `:root{color-scheme:light dark}
body{margin:0;display:grid;min-height:100vh;place-items:center;font:1rem/1.6 system-ui,sans-serif}
main{max-width:30rem;padding:2rem}
h1{font-size:1.375rem;line-height:1.3;margin:0 0 .75rem}
p{margin:0 0 1rem}
a{display:inline-block;padding:.625rem 0;color:inherit}
small{overflow-wrap:anywhere}`

const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64')
const POLICY = `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`

/**
 * The incident for a person who pressed a plain form or came back from the gateway: our own words, a link to the shop, and
 * for faults of ours the incident id to mention. No script; the one style is allowed by its hash.
 * @param back a checked address of the shop
 */
export async function problemPage(
  { problem, headers }: Incident,
  { route, lang, back }: { readonly route: string; readonly lang: PageLanguage; readonly back: string },
): Promise<Response> {
  const words = wordsFor(problem.code, route, lang)
  const incident = problem.status >= 500 ? html`<p><small>${words.quote}: ${problem.instance}</small></p>` : ''
  const page = await html`<!doctype html>
<html lang="${lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${words.title}</title>
<style>${raw(STYLE)}</style>
</head>
<body>
<main>
<h1>${words.title}</h1>
<p>${words.text}</p>
<p><a href="${back}">${words.back}</a></p>
${incident}
</main>
</body>
</html>`
  headers.set('Content-Type', 'text/html; charset=utf-8')
  headers.set('Content-Security-Policy', POLICY)
  headers.set('Cross-Origin-Opener-Policy', 'same-origin')
  return new Response(String(page), { status: problem.status, headers })
}
