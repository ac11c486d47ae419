import { mount } from 'svelte'
import Page from './pages-svelte-props.fixture.svelte'

Object.assign(window, mount(Page, { target: document.querySelector('#root') ?? document.body }))
