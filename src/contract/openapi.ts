import * as z from 'zod'
import { PROBLEMS, type ProblemCode } from './problems.ts'
import { OpenReply, OpenRequest, PaymentStatus, Problem } from './schemas.ts'

const json = (schema: string) => ({ 'application/json': { schema: { $ref: `#/components/schemas/${schema}` } } })

/** Problem answers of one operation, grouped by HTTP status as OpenAPI wants them. */
function problems(...codes: ProblemCode[]) {
  const byStatus = new Map<number, ProblemCode[]>()
  for (const code of [...codes, 'too-many-requests', 'unavailable', 'internal'] as ProblemCode[]) {
    const { status } = PROBLEMS[code]
    byStatus.set(status, [...(byStatus.get(status) ?? []), code])
  }
  return Object.fromEntries(
    [...byStatus].map(([status, group]) => [
      String(status),
      {
        description: group.map((code) => `\`${code}\`: ${PROBLEMS[code].title}`).join('; '),
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    ]),
  )
}

const schemaOf = (schema: z.ZodType) => z.toJSONSchema(schema, { target: 'draft-2020-12', io: 'input' })

const tokenParameter = { name: 'token', in: 'path', required: true, schema: { type: 'string' } }

/** The OpenAPI 3.1 document of the shop's endpoint, for shops whose server is not Node. A new object at each call. */
export function openApiDocument() {
  return {
    openapi: '3.1.0',
    info: { title: 'The order endpoint of a shop that uses pay-with-ipay', version: '1' },
    paths: {
      '/': {
        post: {
          summary: 'Open a payment, or resume the live one',
          parameters: [
            {
              name: 'Idempotency-Key',
              in: 'header',
              required: true,
              description: 'Makes a repeat harmless. A plain HTML form needs none.',
              schema: { type: 'string', pattern: '^[A-Za-z0-9_-]{8,64}$' },
            },
          ],
          requestBody: {
            required: true,
            content: {
              ...json('OpenRequest'),
              'application/x-www-form-urlencoded': {
                schema: { type: 'object', additionalProperties: { type: 'string' } },
              },
            },
          },
          responses: {
            200: { description: 'The live attempt, or a replay of the same key', content: json('OpenReply') },
            201: { description: 'A new attempt', content: json('OpenReply') },
            303: { description: 'Answer to a plain HTML form: the payment page, or the return page' },
            ...problems(
              'invalid-request',
              'cross-site',
              'already-paid',
              'price-changed',
              'in-progress',
              'too-large',
              'unsupported-type',
              'key-reused',
              'order-refused',
              'gateway-refused',
              'gateway-unavailable',
            ),
          },
        },
      },
      '/{token}': {
        get: {
          summary: 'The status of a payment',
          parameters: [tokenParameter],
          responses: {
            200: { description: 'What the shop knows', content: json('PaymentStatus') },
            ...problems('not-found'),
          },
        },
      },
      '/{token}/events': {
        get: {
          summary: 'Live status as server-sent events (event `status`, data as the status reply)',
          parameters: [tokenParameter],
          responses: {
            200: { description: 'A stream', content: { 'text/event-stream': { schema: { type: 'string' } } } },
            ...problems('not-found'),
          },
        },
      },
      '/{token}/return/{hint}': {
        get: {
          summary: 'Where the gateway sends the buyer; the hint proves nothing',
          parameters: [
            tokenParameter,
            {
              name: 'hint',
              in: 'path',
              required: true,
              schema: { type: 'string', enum: ['success', 'failure', 'cancel'] },
            },
          ],
          responses: { 303: { description: "To the shop's page, with the token" }, ...problems('not-found') },
        },
      },
      '/notifications/{gateway}': {
        post: {
          summary: 'Signed notifications of gateways that send them',
          parameters: [{ name: 'gateway', in: 'path', required: true, schema: { type: 'string' } }],
          responses: { 200: { description: 'Stored' }, ...problems('not-found', 'bad-signature', 'too-large') },
        },
      },
    },
    components: {
      schemas: {
        OpenRequest: schemaOf(OpenRequest),
        OpenReply: schemaOf(OpenReply),
        PaymentStatus: schemaOf(PaymentStatus),
        Problem: schemaOf(Problem),
      },
    },
  } as const
}
