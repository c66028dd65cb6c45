import { createPinia } from 'pinia'
import { createApp } from 'vue'
import { detectPlatform } from '../platform/detect.ts'
import { platformKey } from '../platform/platform.ts'
import { createText } from '../text/i18n.ts'
import '../ui/tokens.css'
import '../ui/base.css'
import App from './App.vue'
import { createRoutes } from './routes.ts'

const platform = detectPlatform()

createApp(App).provide(platformKey, platform).use(createPinia()).use(createText('en')).use(createRoutes()).mount('#app')
