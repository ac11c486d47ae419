/**
 * The shop of the component tests: answers below `/shop/<case>/` exactly what a test has ordered beforehand, and keeps
 * what it was asked. A test uses a case name of its own, so that engines and files do not meet.
 *
 * - `PUT  /shop/<case>/script` a JSON list of answers, used up in order (the last one repeats):
 *   `{ status, type, headers, body | text | base64, delayMs, held, hang, cut }`; `on: 'post' | 'get'` limits one to a
 *   method; a `held` one waits for `PUT /shop/<case>/release`.
 *   In `body`, `{token}` becomes the asked token.
 * - `GET  /shop/<case>/journal` the requests so far: `[{ method, path, headers, body }]`.
 * - `PUT  /shop/<case>/page` `{ headers, html }`: what `GET /shop/<case>/page` answers from then on, for pages with a policy.
 * - anything else below `/shop/<case>/orders` is the endpoint.
 */
const cases = new Map()

const caseOf = (name) => {
  if (!cases.has(name)) cases.set(name, { script: [], journal: [], held: [] })
  return cases.get(name)
}

const bodyOf = async (request) => {
  const chunks = []
  for await (const chunk of request) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8')
}

/** Koa middleware of the test runner. */
export async function shopMiddleware(ctx, next) {
  const parts = /^\/shop\/([^/]+)\/(script|release|journal|orders|page)(\/.*)?$/.exec(ctx.path)
  if (!parts) return next()
  const [, name, what, rest = ''] = parts
  const shop = caseOf(name)
  ctx.set('cache-control', 'no-store')
  if (what === 'journal') {
    ctx.body = shop.journal
    return
  }
  if (what === 'page' && ctx.method === 'GET') {
    ctx.set({ 'content-type': 'text/html; charset=utf-8', ...shop.page?.headers })
    ctx.body = shop.page?.html ?? ''
    return
  }
  const body = await bodyOf(ctx.req)
  if (what === 'page') {
    shop.page = JSON.parse(body)
    ctx.status = 204
    return
  }
  if (what === 'release') {
    for (const release of shop.held.splice(0)) release()
    ctx.status = 204
    return
  }
  if (what === 'script') {
    Object.assign(shop, { script: JSON.parse(body), journal: [] })
    ctx.status = 204
    return
  }
  shop.journal.push({ method: ctx.method, path: rest, headers: ctx.headers, body })
  const entry = takeAnswer(shop, ctx.method.toLowerCase())
  if (entry.held) await new Promise((resolve) => shop.held.push(resolve))
  await answer(ctx, entry, rest.slice(1))
}

function takeAnswer(shop, method) {
  const fits = (entry) => !entry.on || entry.on === method
  const index = shop.script.findIndex(fits)
  const more = shop.script.slice(index + 1).some(fits)
  return more ? shop.script.splice(index, 1)[0] : (shop.script[index] ?? { status: 404, text: 'no script' })
}

async function answer(ctx, entry, token) {
  const { status = 200, headers = {}, delayMs = 0, hang, cut } = entry
  if (hang) {
    ctx.respond = false
    return
  }
  if (delayMs) await new Promise((resolve) => setTimeout(resolve, delayMs))
  const problem = status >= 400 && entry.body
  const type = entry.type ?? (problem ? 'application/problem+json' : 'application/json')
  const text = entry.text ?? JSON.stringify(entry.body ?? null).replaceAll('{token}', token)
  const bytes = entry.base64 ? Buffer.from(entry.base64, 'base64') : Buffer.from(text)
  if (cut !== undefined) {
    ctx.respond = false
    ctx.res.writeHead(status, { 'content-type': type, 'content-length': bytes.length, ...headers })
    ctx.res.write(bytes.subarray(0, cut), () => ctx.req.socket.destroy())
    return
  }
  ctx.status = status
  ctx.set({ 'content-type': type, ...headers })
  ctx.body = bytes
}
