import { createRouter, createWebHashHistory, type RouterHistory } from 'vue-router'
import BatchListPage from '../features/batches/BatchListPage.vue'
import BatchPage from '../features/batches/BatchPage.vue'
import StorePage from '../features/batches/StorePage.vue'
import CustomerListPage from '../features/customers/CustomerListPage.vue'
import CustomerPage from '../features/customers/CustomerPage.vue'
import OnboardingPage from '../features/onboarding/OnboardingPage.vue'
import PackageChangePage from '../features/onboarding/PackageChangePage.vue'
import PlanPage from '../features/onboarding/PlanPage.vue'
import TemplatePage from '../features/onboarding/TemplatePage.vue'
import SettingsPage from '../features/settings/SettingsPage.vue'
import StartPage from '../features/start/StartPage.vue'
import DraftPage from './DraftPage.vue'

/** The places of the rail and what stands in them. The address is the hash, so that the app runs from any origin and protocol. */
export const createRoutes = (history: RouterHistory = createWebHashHistory()) =>
  createRouter({
    history,
    routes: [
      { path: '/', name: 'drafts', component: StartPage },
      { path: '/drafts/:id/:view(edit|changes|send)', name: 'draft', component: DraftPage, props: true },
      { path: '/batches', name: 'batches', component: BatchListPage },
      { path: '/batches/store', name: 'store', component: StorePage },
      { path: '/batches/:batch', name: 'batch', component: BatchPage, props: true },
      { path: '/customers', name: 'customers', component: CustomerListPage },
      { path: '/customers/:name', name: 'customer', component: CustomerPage, props: true },
      { path: '/onboarding', name: 'onboarding', component: OnboardingPage },
      { path: '/onboarding/change-package', name: 'change-package', component: PackageChangePage },
      { path: '/onboarding/templates/:id', name: 'onboarding-template', component: TemplatePage, props: true },
      { path: '/onboarding/plans/:id/:step', name: 'onboarding-plan', component: PlanPage, props: true },
      { path: '/settings', name: 'settings', component: SettingsPage },
      { path: '/:rest(.*)', redirect: '/' },
    ],
  })
