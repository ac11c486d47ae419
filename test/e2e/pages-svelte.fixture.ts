import { mount } from 'svelte'
import Page from './pages-svelte.fixture.svelte'

const heard: string[] = []
const target = document.querySelector('#root') ?? document.body
Object.assign(window, { heard }, mount(Page, { target, props: { heard, portal: document.querySelector('#portal') } }))
