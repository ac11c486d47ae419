import { createApp, defineComponent, h, KeepAlive, ref, shallowRef } from 'vue'
import { IpayButton } from '../../src/bindings/vue.ts'

/** A Vue page that gives the button whatever `give()` says, and keeps it alive while `show()` takes it away. */
const props = shallowRef<object>({})
const isShown = ref(true)

const Cart = defineComponent({
  name: 'the-cart',
  setup: () => () =>
    h(IpayButton, { orderEndpoint: '/orders', order: { cart: 'c_81' }, amount: '1250.00', ...props.value }),
})
const Other = defineComponent({ name: 'the-other', setup: () => () => h('p', 'another page') })

createApp({ render: () => h(KeepAlive, null, [h(isShown.value ? Cart : Other)]) }).mount('#root')
Object.assign(window, {
  give: (given: object) => {
    props.value = given
  },
  show: (shown: boolean) => {
    isShown.value = shown
  },
})
