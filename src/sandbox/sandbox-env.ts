import type { Outcome } from './faults/strike.ts'

/** What the routes get from whoever runs them: a way to say how the exchange ends beyond its answer. */
export interface SandboxEnv {
  // Hono looks its bindings up by this name, and gives them to a handler as `c.env`.
  Bindings: {
    /** Replaces how the exchange ends. The last call counts. */
    end(outcome: Outcome): void
  }
}
