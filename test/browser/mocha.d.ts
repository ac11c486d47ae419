/** The parts of mocha that the component tests use; the runner brings it along without types. */
declare function describe(title: string, tests: () => void): void
declare function it(title: string, test: (this: { timeout(ms: number): void }) => void | Promise<void>): void
declare function before(work: () => void | Promise<void>): void
declare function after(work: () => void | Promise<void>): void
declare function beforeEach(work: () => void | Promise<void>): void
declare function afterEach(work: () => void | Promise<void>): void
