import { bundle, scriptTag } from './pages-build.ts'
import type { PageScene } from './pages-scene.ts'

/** React and Vue go through our bindings; Svelte and Angular have the bare tag in their own syntax. */
export const FRAMEWORKS = ['react', 'vue', 'svelte', 'angular'] as const
export type Framework = (typeof FRAMEWORKS)[number]

/** Puts the script of each framework's page; `kind` is the end of its fixture's name. */
export async function putScripts({ site }: PageScene, kind: '' | '-props'): Promise<void> {
  for (const name of FRAMEWORKS) {
    site.put(`/${name}${kind}.js`, await bundle(`test/e2e/pages-${name}${kind}.fixture.ts`))
  }
}

/** Opens a framework's page. The bindings bring the elements' sources along; the bare tag runs on the built file. */
export function openPage({ built, open }: PageScene, name: Framework, kind: '' | '-props', more = '') {
  const elements = name === 'svelte' || name === 'angular' ? scriptTag(built) : ''
  const head = `${elements}<script type="module" src="/${name}${kind}.js"></script>`
  return open({ head, body: `<div id="root"></div>${more}` })
}
