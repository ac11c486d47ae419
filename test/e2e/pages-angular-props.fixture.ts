// Compiles the templates in the page.
import '@angular/compiler'
import { Component, CUSTOM_ELEMENTS_SCHEMA, provideZonelessChangeDetection, signal } from '@angular/core'
import { bootstrapApplication } from '@angular/platform-browser'

/** An Angular page that gives the button whatever `give()` says. */
const props = signal<Readonly<Record<string, unknown>>>({})

class Page {
  readonly order = { cart: 'c_81' }
  readonly props = props
}
Component({
  selector: '#root',
  schemas: [CUSTOM_ELEMENTS_SCHEMA],
  template: `
    <ipay-button
      [id]="props()['id']"
      [orderEndpoint]="'/orders'"
      [order]="order"
      [amount]="'1250.00'"
      [credentials]="props()['credentials']"
      [currency]="props()['currency']"
      [disabled]="props()['disabled']"
      [environment]="props()['environment']"
      [headers]="props()['headers']"
      [label]="props()['label']"
      [lang]="props()['lang']"
      [messages]="props()['messages']"
      [variant]="props()['variant']"
    />
  `,
})(Page)

void bootstrapApplication(Page, { providers: [provideZonelessChangeDetection()] })
Object.assign(window, { give: (given: Readonly<Record<string, unknown>>) => props.set(given) })
