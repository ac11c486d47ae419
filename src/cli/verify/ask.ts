import { request as plainRequest } from 'node:http'
import { request as secureRequest } from 'node:https'

/** A question to the endpoint under test. */
export interface Question {
  readonly method: string
  readonly url: URL
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

/** What came back, read to its end. */
export interface Answer {
  readonly status: number
  /** A header by its lower-case name; the empty text when it is absent. */
  header(name: string): string
  readonly text: string
  /** The body as JSON, or undefined when it is none. */
  readonly json: unknown
}

const DEADLINE_MS = 20_000
const MAX_BYTES = 1_048_576

/**
 * Asks over `node:http`, since `fetch` decides some headers itself and follows redirects.
 * @throws Error when there is no whole answer within 20 s, or when it is larger than 1 MiB.
 */
export function ask({ method, url, headers, body }: Question): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = url.protocol === 'https:' ? secureRequest : plainRequest
    const signal = AbortSignal.timeout(DEADLINE_MS)
    const outgoing = request(url, { method, headers: { ...headers }, signal, agent: false }, (incoming) => {
      const chunks: Buffer[] = []
      let size = 0
      incoming.on('data', (chunk: Buffer) => {
        chunks.push(chunk)
        size += chunk.length
        if (size > MAX_BYTES) incoming.destroy(new Error(`the answer is larger than ${MAX_BYTES} bytes`))
      })
      incoming.on('error', reject)
      incoming.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8')
        const header = (name: string) => [incoming.headers[name] ?? ''].flat().join(', ')
        resolve({ status: incoming.statusCode ?? 0, header, text, json: jsonOf(text) })
      })
    })
    outgoing.on('error', (error) =>
      reject(signal.aborted ? new Error(`no whole answer within ${DEADLINE_MS / 1000} s`) : error),
    )
    outgoing.end(body)
  })
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
