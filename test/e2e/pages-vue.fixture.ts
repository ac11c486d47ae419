import { createApp, h, ref, Teleport } from 'vue'
import { IpayButton } from '../../src/bindings/vue.ts'

/** A Vue page; `draw()` renders it again. */
const heard: string[] = []
const round = ref(0)

createApp({
  render: () => {
    const button = h(IpayButton, {
      id: 'pay',
      orderEndpoint: '/orders',
      order: { cart: 'c_81' },
      amount: '1250.00',
      environment: 'sandbox',
      'onIpay-start': () => heard.push(`start in round ${round.value}`),
      'onIpay-state': (event: { readonly state: string }) => heard.push(event.state),
    })
    const cart = h('div', { 'data-round': round.value }, [h('b', `round ${round.value}`), button])
    return document.querySelector('#portal') ? h(Teleport, { to: '#portal' }, cart) : cart
  },
}).mount('#root')
Object.assign(window, { heard, draw: () => round.value++ })
