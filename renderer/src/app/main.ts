import { createPinia } from 'pinia'
import { createApp } from 'vue'
import { languages } from '../../../shared/kit/language.ts'
import { detectPlatform } from '../platform/detect.ts'
import { platformKey } from '../platform/platform.ts'
import { createText } from '../text/i18n.ts'
import '../ui/tokens.css'
import '../ui/base.css'
import App from './App.vue'
import { createRoutes } from './routes.ts'
import ShutOut from './ShutOut.vue'

const platform = await detectPlatform()
/** Until the settings are there. */
const language = languages.find((known) => navigator.language.toLowerCase().startsWith(known === 'nb' ? 'n' : known)) ?? 'en'
const text = createText(language)

if (platform === null) createApp(ShutOut).use(text).mount('#app')
else createApp(App).provide(platformKey, platform).use(createPinia()).use(text).use(createRoutes()).mount('#app')
