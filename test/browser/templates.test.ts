import { expect } from '@open-wc/testing'
import { render as litRender, html as litTemplate } from 'lit/html.js'
import { compileTemplate } from '../../scripts/compile-template.ts'
import { render } from '../../scripts/draw-templates.ts'

/** One template for both: Lit draws it as it is written, ours is compiled from the same texts. */
function both(texts: TemplateStringsArray, ..._places: readonly number[]) {
  const template = compileTemplate(texts)
  return (...values: readonly unknown[]) => ({ lit: litTemplate(texts, ...values), ours: { template, values } })
}
type Both = ReturnType<ReturnType<typeof both>>

/** What a value is for one of the two. */
function side(value: unknown, name: keyof Both): unknown {
  if (Array.isArray(value)) return value.map((item) => side(item, name))
  if (!value || typeof value !== 'object' || !(name in value)) return value
  const result = (value as Both)[name]
  return { ...result, values: [...result.values].map((inner) => side(inner, name)) }
}

const seen = (container: Element) => container.innerHTML.replace(/<!--.*?-->/g, '').replace(/\s+/g, ' ')
const row = both`<dt>${0}</dt><dd>${0}</dd>`
const link = both`<a href=${0} part="action">${0}</a>`
const still = both`<b>still</b>`
const bare = both`${0}${0}<hr />${0}`
const blank = both` <i>${0}</i>`
const page = both`<section class=${0} ?hidden=${0}>
  <p>${0} ${0}</p>${0}<nav>${0}</nav></section
  >${0}`

const CHILDREN: readonly unknown[] = [
  ...['', undefined, null, 'text', 'other', '<b>text</b>', 0, 12, [], ['a'], ['a', '', 'b']],
  ...[row('n', 'v'), row('n', still()), link('/x', 'x'), link('/y', ''), still(), blank('i')],
  ...[
    bare('a', '', ''),
    bare('', still(), 'b'),
    bare(row(1, 2), ['x'], bare('', '', '')),
    [bare('', 1, 2), bare(1, '', '')],
  ],
  ...[[row(1, 2)], [row(1, 3), row('a', [still(), '']), link('/z', blank('z'))], [[still()], 'x']],
]

describe('templates in the file for a script tag', () => {
  it('are drawn, and drawn again, as Lit draws them', () => {
    let seed = 7
    const draw = () => {
      seed = (seed * 48_271) % 0x7fffffff
      return CHILDREN[seed % CHILDREN.length]
    }
    const [lit, ours] = [document.createElement('div'), document.createElement('div')]
    for (let n = 0; n < 3_000; n++) {
      const drawing = page(n % 3 ? 'paid' : 'failed', n % 5 === 0, draw(), draw(), draw(), draw(), draw())
      litRender(side(drawing, 'lit') as never, lit)
      render(side(drawing, 'ours') as never, ours)
      expect(seen(ours)).to.equal(seen(lit))
    }
  })

  it('keep their nodes while only values change, as Lit does: focus and live regions depend on it', () => {
    const container = document.createElement('div')
    const show = (...values: unknown[]) => render(side(page(...values), 'ours') as never, container)
    show('a', false, 'text', still(), link('/x', 'x'), [row(1, 2), row(3, 4)], 'end')
    const nodes = [...container.querySelectorAll('*')]
    const words = container.querySelector('p')?.firstChild
    const changes: MutationRecord[] = []
    const observer = new MutationObserver((records) => changes.push(...records))
    observer.observe(container, { subtree: true, childList: true, characterData: true, attributes: true })
    show('a', false, 'text', still(), link('/x', 'x'), [row(1, 2), row(3, 4)], 'end')
    expect(observer.takeRecords()).to.deep.equal([])
    show('b', true, 'others', still(), link('/y', 'y'), [row(5, 6), row(7, 8)], 'ends')
    const kept = [...container.querySelectorAll('*')].map((node, at) => node === nodes[at])
    expect(kept).to.deep.equal(nodes.map(() => true))
    expect(container.querySelector('p')?.firstChild === words).to.equal(true)
    observer.disconnect()
  })

  it('listen with the function of the last drawing, once', () => {
    const template = compileTemplate(['<button @click=', '>', '</button>'])
    const container = document.createElement('div')
    const heard: string[] = []
    for (const name of ['first', 'last']) render({ template, values: [() => heard.push(name), name] }, container)
    container.querySelector('button')?.click()
    expect(heard).to.deep.equal(['last'])
  })

  it('stop the build where they bind what it does not know', () => {
    for (const texts of [
      ['<a href="/', '"></a>'],
      ['<a .href=', '></a>'],
      ['<a ', '></a>'],
      ['<', '></a>'],
    ])
      expect(() => compileTemplate(texts)).to.throw('neither a child nor a whole attribute')
  })
})
