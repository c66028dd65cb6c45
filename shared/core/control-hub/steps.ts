import type { Language } from '../../kit/language.ts'
import type { ExportNote, ExportPlan, PlannedFile } from './plan-export.ts'

/** The words of the manifest: what the importer does, step by step, and what the files cannot do. */
interface StepWords {
  readonly open: string
  readonly upload: (file: PlannedFile, of: number) => string
  readonly wait: string
  readonly handWork: string
  readonly compare: string
  readonly nothing: string
  readonly notes: Readonly<Record<ExportNote['kind'], string>>
}

const plural = (n: number, one: string, many: string): string => `${n} ${n === 1 ? one : many}`

/** Names of buttons are Control Hub's own and stay English: that is what stands on the screen of most, and in the file. */
const words: Readonly<Record<Language, StepWords>> = {
  en: {
    open: 'In Control Hub open Management › Users › Manage users by CSV. Check that you are in the right customer.',
    upload: (file, of) =>
      `Upload ${file.name} (file ${file.order} of ${of}, ${plural(file.rows, 'user', 'users')}: ${counted(file, ['added', 'changed', 'removed'])}) and choose “Add and remove services”.${file.removals > 0 ? ` This file DELETES ${plural(file.removals, 'user', 'users')}.` : ''}`,
    wait: 'Wait until the task has finished before the next file. If it reports errors, export them to CSV and read that file into Roster.',
    handWork: 'Do by hand in Control Hub what stands under notes: the files cannot.',
    compare: 'Export the users from Control Hub again and let Roster hold the export against these changes.',
    nothing: 'There is nothing to import: no user changes.',
    notes: {
      'cannot-clear': 'A CSV cannot empty this cell. Empty it by hand in Control Hub.',
      'second-user':
        'Control Hub makes a second user of a changed email. Change the email by hand in Control Hub before the import, or remove the old user afterwards.',
      location: 'The import does not move a calling user to another location. Move the user by hand in Control Hub.',
    },
  },
  nb: {
    open: 'Åpne Management › Users › Manage users by CSV i Control Hub. Kontroller at du er hos riktig kunde.',
    upload: (file, of) =>
      `Last opp ${file.name} (fil ${file.order} av ${of}, ${plural(file.rows, 'bruker', 'brukere')}: ${counted(file, [file.adds === 1 ? 'ny' : 'nye', 'endret', 'fjernet'])}) og velg «Add and remove services».${file.removals > 0 ? ` Denne filen SLETTER ${plural(file.removals, 'bruker', 'brukere')}.` : ''}`,
    wait: 'Vent til oppgaven er ferdig før neste fil. Melder den feil, eksporter dem til CSV og les filen inn i Roster.',
    handWork: 'Gjør for hånd i Control Hub det som står under merknader: filene kan ikke det.',
    compare: 'Eksporter brukerne fra Control Hub på nytt, og la Roster holde eksporten opp mot disse endringene.',
    nothing: 'Det er ingenting å importere: ingen bruker endres.',
    notes: {
      'cannot-clear': 'En CSV kan ikke tømme denne cellen. Tøm den for hånd i Control Hub.',
      'second-user':
        'Control Hub lager en ny bruker når e-posten endres. Endre e-posten for hånd i Control Hub før importen, eller fjern den gamle brukeren etterpå.',
      location: 'Importen flytter ikke en bruker med telefoni til et annet sted. Flytt brukeren for hånd i Control Hub.',
    },
  },
  da: {
    open: 'Åbn Management › Users › Manage users by CSV i Control Hub. Kontrollér, at du er hos den rigtige kunde.',
    upload: (file, of) =>
      `Upload ${file.name} (fil ${file.order} af ${of}, ${plural(file.rows, 'bruger', 'brugere')}: ${counted(file, [file.adds === 1 ? 'ny' : 'nye', 'ændret', 'fjernet'])}), og vælg »Add and remove services«.${file.removals > 0 ? ` Denne fil SLETTER ${plural(file.removals, 'bruger', 'brugere')}.` : ''}`,
    wait: 'Vent, til opgaven er færdig, før den næste fil. Melder den fejl, så eksportér dem til CSV, og læs filen ind i Roster.',
    handWork: 'Gør det, der står under bemærkninger, i hånden i Control Hub: filerne kan ikke.',
    compare: 'Eksportér brugerne fra Control Hub igen, og lad Roster holde eksporten op mod disse ændringer.',
    nothing: 'Der er intet at importere: ingen bruger ændres.',
    notes: {
      'cannot-clear': 'En CSV kan ikke tømme denne celle. Tøm den i hånden i Control Hub.',
      'second-user':
        'Control Hub opretter en ny bruger, når e-mailen ændres. Ret e-mailen i hånden i Control Hub før importen, eller fjern den gamle bruger bagefter.',
      location: 'Importen flytter ikke en bruger med telefoni til en anden lokation. Flyt brugeren i hånden i Control Hub.',
    },
  },
}

function counted({ adds, changes, removals }: PlannedFile, [added, changed, removed]: readonly [string, string, string]): string {
  const parts: readonly (readonly [number, string])[] = [
    [adds, added],
    [changes, changed],
    [removals, removed],
  ]
  return parts
    .filter(([count]) => count > 0)
    .map(([count, word]) => `${count} ${word}`)
    .join(', ')
}

/** One file at a time, with a wait between (domain.md §1.6): Control Hub runs one task at once. */
export function stepsFor(plan: Pick<ExportPlan, 'files' | 'notes'>, language: Language): readonly string[] {
  const { open, upload, wait, handWork, compare, nothing } = words[language]
  if (plan.files.length === 0) return [nothing]
  const uploads = plan.files.flatMap((file) => [upload(file, plan.files.length), wait])
  return [open, ...uploads, ...(plan.notes.length > 0 ? [handWork] : []), compare]
}

export const noteText = (kind: ExportNote['kind'], language: Language): string => words[language].notes[kind]
