// Compiles the templates in the page.
import '@angular/compiler'
import {
  Component,
  CUSTOM_ELEMENTS_SCHEMA,
  createComponent,
  provideZonelessChangeDetection,
  signal,
} from '@angular/core'
import { bootstrapApplication } from '@angular/platform-browser'

/** An Angular page; `draw()` renders it again, `turn()` moves the first line of its list to the end, `show()` takes it away. */
const heard: string[] = []
const round = signal(0)
const lines = signal(['pay', 'a note', 'terms'])
const isShown = signal(true)
const portal = document.querySelector('#portal')

class Cart {
  readonly order = { cart: 'c_81' }
  readonly round = round
  readonly lines = lines
  readonly isShown = isShown
  readonly heard = heard
}
Component({
  selector: 'the-cart',
  schemas: [CUSTOM_ELEMENTS_SCHEMA],
  template: `
    @if (isShown()) {
      <div [attr.data-round]="round()">
        <b>round {{ round() }}</b>
        <ul>
          @for (line of lines(); track line) {
            <li>
              @if (line === 'pay') {
                <ipay-button
                  id="pay"
                  order-endpoint="/orders"
                  [order]="order"
                  amount="1250.00"
                  environment="sandbox"
                  (ipay-start)="heard.push('start in round ' + round())"
                  (ipay-state)="heard.push($event.state)"
                />
              } @else {
                {{ line }}
              }
            </li>
          }
        </ul>
      </div>
    }
  `,
})(Cart)

class Page {
  readonly hasPortal = portal !== null
}
Component({ selector: '#root', imports: [Cart], template: '@if (!hasPortal) { <the-cart /> }' })(Page)

void bootstrapApplication(Page, { providers: [provideZonelessChangeDetection()] }).then((app) => {
  if (!portal) return
  // As the portals of Angular's component kit do.
  const cart = createComponent(Cart, { environmentInjector: app.injector })
  app.attachView(cart.hostView)
  portal.append(cart.location.nativeElement as Element)
})
Object.assign(window, {
  heard,
  draw: () => round.update((before) => before + 1),
  turn: () => lines.update((before) => [...before.slice(1), ...before.slice(0, 1)]),
  show: (shown: boolean) => isShown.set(shown),
})
