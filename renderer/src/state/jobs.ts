import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import { usePlatform } from '../platform/platform.ts'
import { useApi } from './api.ts'

/** A long call under way, as its events tell it. */
export interface Job {
  readonly id: string
  /** What it is, from who started it: in words, or the key of a text. */
  readonly label: string
  readonly step: string
  readonly done: number
  readonly total: number | null
  readonly startedAt: number
  /** What it works on, where the page shows the progress itself (a batch); null: shown over the window. */
  readonly subject: string | null
  readonly isCancelling: boolean
}

/** Long calls: their progress and the way to cancel them. */
export const useJobs = defineStore('jobs', () => {
  const api = useApi()
  const jobs = shallowRef<readonly Job[]>([])
  let last = 0

  const change = (id: string, patch: Partial<Job>): void => {
    jobs.value = jobs.value.map((job) => (job.id === id ? { ...job, ...patch } : job))
  }

  usePlatform().transport.subscribe((event) => {
    if (event.kind === 'job') change(event.job, { step: event.step, done: event.done, total: event.total })
  })

  /** Runs a call under a job's name, shown while it lasts. */
  async function run<T>(label: string, call: (job: string) => Promise<T>, subject: string | null = null): Promise<T> {
    const id = `w${String(Date.now())}-${String(++last)}`
    jobs.value = [...jobs.value, { id, label, step: '', done: 0, total: null, startedAt: Date.now(), subject, isCancelling: false }]
    try {
      return await call(id)
    } finally {
      jobs.value = jobs.value.filter((job) => job.id !== id)
    }
  }

  async function cancel(id: string): Promise<void> {
    change(id, { isCancelling: true })
    await api['jobs.cancel']({ job: id })
  }

  /** Somebody wants it to end: what it has not begun with yet need not be begun. */
  const isCancelling = (id: string): boolean => jobs.value.some((job) => job.id === id && job.isCancelling)

  return { jobs: computed(() => jobs.value), run, cancel, isCancelling }
})
