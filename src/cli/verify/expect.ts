import type * as z from 'zod'
import { PROBLEMS, type ProblemCode, problemType } from '../../contract/problems.ts'
import { Problem } from '../../contract/schemas.ts'
import type { Answer } from './ask.ts'

/** The endpoint does something else than the contract says; the message says what. */
export class ContractBroken extends Error {
  override readonly name = 'ContractBroken'
}

/** @throws ContractBroken with `otherwise` unless `fact` holds. */
export function must(fact: boolean, otherwise: string): asserts fact {
  if (!fact) throw new ContractBroken(otherwise)
}

const short = (text: string) => JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text)

/** The status is one of these. */
export function expectStatus(answer: Answer, ...statuses: readonly number[]): void {
  must(
    statuses.includes(answer.status),
    `answered ${answer.status}, not ${statuses.join(' or ')}: ${short(answer.text)}`,
  )
}

/** Nothing on the way may keep the answer. */
export function expectNoStore(answer: Answer): void {
  must(/\bno-store\b/i.test(answer.header('cache-control')), 'lacks Cache-Control: no-store')
}

function expectType(answer: Answer, type: string): void {
  const actual = answer.header('content-type')
  must(actual.split(';')[0]?.trim().toLowerCase() === type, `has the type "${actual}", not ${type}`)
}

/** A JSON answer of this shape. */
export function expectJson<T extends z.ZodType>(answer: Answer, shape: T): z.infer<T> {
  expectType(answer, 'application/json')
  expectNoStore(answer)
  return parsed(answer, shape)
}

/** A problem answer (RFC 9457) with this code and the HTTP status that belongs to it. */
export function expectProblem(answer: Answer, code: ProblemCode): Problem {
  expectStatus(answer, PROBLEMS[code].status)
  expectType(answer, 'application/problem+json')
  expectNoStore(answer)
  const problem = parsed(answer, Problem)
  must(problem.code === code, `has the code "${problem.code}", not "${code}"`)
  must(problem.type === problemType(code), `has the type "${problem.type}", not "${problemType(code)}"`)
  must(problem.status === answer.status, `says status ${problem.status} in its body and answers ${answer.status}`)
  return problem
}

function parsed<T extends z.ZodType>(answer: Answer, shape: T): z.infer<T> {
  must(answer.json !== undefined, `is not JSON: ${short(answer.text)}`)
  const result = shape.safeParse(answer.json)
  if (result.success) return result.data
  const [issue] = result.error.issues
  throw new ContractBroken(`has a wrong shape at "${issue?.path.join('.') ?? ''}": ${issue?.message ?? 'unknown'}`)
}
