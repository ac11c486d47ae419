/** Open-loop load: requests start at a fixed rate whether or not earlier ones were answered, so waiting shows. */
import { Agent, request } from 'node:http'

/** What one request came to. */
export interface Answer {
  readonly status: number
  readonly body: string
  readonly ms: number
}

const agent = new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY })

/** What a request has beside its address. */
export interface Init {
  readonly method?: string
  readonly headers?: Record<string, string>
  readonly body?: string
  /** The connections to use; as many as it takes unless given. */
  readonly agent?: Agent
}

/** One request over a kept connection; connection faults have the status 0. */
export function call(url: string, init: Init = {}) {
  const started = performance.now()
  return new Promise<Answer>((resolve) => {
    const done = (status: number, body: string) => resolve({ status, body, ms: performance.now() - started })
    const { method = 'GET', headers = {} } = init
    const sent = request(url, { method, headers, agent: init.agent ?? agent }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () => done(response.statusCode ?? 0, Buffer.concat(chunks).toString('utf8')))
      response.on('error', () => done(0, ''))
    })
    sent.on('error', () => done(0, ''))
    sent.end(init.body)
  })
}

/** Starts `perSecond` requests a second for `seconds`, and waits for all answers. */
export async function atRate(perSecond: number, seconds: number, send: (index: number) => Promise<Answer>) {
  const answers: Promise<Answer>[] = []
  const started = performance.now()
  const total = perSecond * seconds
  while (answers.length < total) {
    const due = Math.min(total, Math.floor(((performance.now() - started) / 1_000) * perSecond))
    while (answers.length < due) answers.push(send(answers.length))
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
  return Promise.all(answers)
}

/** The value below which `share` of the times lie. */
export function percentile(answers: readonly Answer[], share: number): number {
  const times = answers.map(({ ms }) => ms).sort((a, b) => a - b)
  return times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? Number.NaN
}
