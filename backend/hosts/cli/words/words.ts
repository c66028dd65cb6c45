import type { AppErrorCode, AppErrorOf } from '../../../../shared/contract/app-error.ts'
import type { Intent } from '../../../../shared/core/diff/change-set.ts'
import type { ReviewRisk } from '../../../../shared/core/review/risks.ts'
import type { Severity } from '../../../../shared/core/rules/finding.ts'
import type { Language } from '../../../../shared/kit/language.ts'
import type { CommandName } from '../commands.ts'
import type { DamageLine } from '../../../../shared/contract/draft-methods.ts'

type DamageKind = DamageLine['kind']

/** Every word that the command line says to a person, in one language. JSON never holds these, but for messages. */
export interface CliWords {
  readonly usage: {
    readonly noCommand: string
    readonly unknownCommand: (word: string, near: string | null) => string
    readonly unknownOption: (word: string, near: string | null) => string
    readonly takesNoValue: (option: string) => string
    readonly needsValue: (option: string, value: string) => string
    readonly wrongValue: (option: string, word: string, wanted: string, near: string | null) => string
    readonly missingOperand: (command: string, operand: string) => string
    readonly surplusOperand: (command: string, word: string) => string
    readonly missingOption: (command: string, option: string) => string
    readonly onlyTogether: (option: string, other: string) => string
    readonly notTogether: (option: string, other: string) => string
    readonly inputTwice: string
    readonly noStandardOutput: (option: string) => string
    readonly wholeNumber: (atLeast: number) => string
    readonly reportOverInput: string
    readonly backupOverStore: (path: string) => string
    readonly noDataFolder: string
    readonly notAFolder: (path: string) => string
    readonly storeKind: string
    readonly noPasswordToKeep: string
    readonly noPasswordWanted: string
    readonly passwordInAddress: string
    readonly notATime: string
    readonly unknownRule: (pattern: string, near: string | null) => string
    readonly portTaken: (port: number) => string
    readonly tabularOutput: (path: string) => string
    readonly reportOutput: (path: string) => string
    readonly pageOutput: (path: string) => string
    readonly csvOutput: (path: string) => string
    readonly viewOnlyOutput: (path: string) => string
    readonly seeHelp: (command: string | null) => string
  }
  readonly help: {
    readonly intro: string
    readonly usage: string
    readonly commands: string
    readonly options: string
    readonly everyCommand: string
    readonly exitCodes: string
    readonly exitCode: Readonly<Record<number, string>>
    readonly more: string
    readonly summary: Readonly<Record<CommandName, string>>
    readonly option: Readonly<Record<string, string>>
  }
  readonly error: ErrorWords
  readonly label: {
    readonly error: string
    readonly rows: (n: number) => string
    readonly severity: Readonly<Record<Severity, string>>
    readonly counts: (errors: number, warnings: number, infos: number) => string
    readonly clean: string
    readonly notRun: (rules: number, needs: string) => string
    readonly row: (n: number) => string
    readonly file: string
    readonly safeFix: string
    readonly askFix: string
    readonly more: (n: number) => string
    readonly wrote: (path: string) => string
    readonly fixed: (cells: number) => string
    readonly nothingToFix: string
    readonly intent: Readonly<Record<Intent, string>>
    readonly unchanged: string
    readonly absent: (n: number) => string
    readonly removals: (n: number) => string
    readonly noChanges: string
    readonly packages: string
    readonly before: string
    readonly after: string
    readonly limit: string
    readonly format: string
    readonly encoding: string
    readonly delimiter: string
    readonly lineEnding: string
    readonly sheet: string
    readonly columns: string
    readonly users: string
    readonly kept: string
    readonly tab: string
    readonly withBom: string
    readonly noBatches: string
    readonly noCustomers: string
    readonly batch: string
    readonly customer: string
    readonly state: string
    readonly author: string
    readonly digest: string
    readonly approvals: string
    readonly items: string
    readonly receipt: string
    readonly nobody: string
    readonly singlePerson: string
    /** What of a batch needs a careful look, beside a number of users. */
    readonly risk: Readonly<Record<ReviewRisk['kind'], string>>
    /** In the place of a before and after that differ from user to user. */
    readonly various: string
    readonly comment: (by: string) => string
    readonly digestBroken: string
    /** What is done about items that the store refused of a batch for the store alone. */
    readonly refusedHere: string
    readonly decided: (decision: string, by: string) => string
    readonly itemCounts: (applied: number, refused: number, pending: number, total: number) => string
    /** Of a push of what had been pushed before. */
    readonly pushedBefore: (applied: number, total: number) => string
    readonly refusedBefore: (refused: number, command: string) => string
    readonly receiptHolds: (batch: string, customer: string, heldAgainst: 'store' | 'file') => string
    readonly signature: string
    readonly auditHolds: (entries: number) => string
    readonly submitted: string
    readonly storeReady: string
    readonly passwordKept: (url: string) => string
    readonly passwordForgotten: (url: string) => string
    readonly storePassword: string
    readonly apiToken: string
    readonly noPrecheck: string
    readonly windowOver: (batch: string) => string
    readonly waitingUntil: (time: string) => string
    readonly undoLoss: (loss: 'calling-data' | 'user-data') => string
    readonly undoImpossible: string
    readonly lineage: string
    readonly serial: string
    readonly subscribers: string
    readonly customers: string
    readonly batches: string
    readonly added: (added: number, known: number) => string
    readonly serving: string
    readonly stopServing: string
    readonly importMode: (mode: string) => string
    readonly nothingToImport: string
    readonly rowsNotThere: (rows: string) => string
    readonly otherProfileKept: (name: string) => string
    readonly exportedErrors: (errors: number) => string
    readonly passedOver: (rows: number) => string
    readonly filesFor: (files: number) => string
    readonly landed: string
    readonly notLanded: string
    readonly landedDifferently: string
    readonly changedByOthers: string
    readonly foreign: Readonly<Record<'added' | 'removed' | 'changed', string>>
    readonly wantedFound: (wanted: string, found: string) => string
    readonly unseenColumns: (columns: string) => string
    readonly nothingToCatchUp: string
    readonly catchUpNext: (submit: string, files: string) => string
    readonly catchUpRemoves: (n: number) => string
    readonly importRemoves: (n: number, files: string) => string
    readonly notInFile: string
    readonly cure: string
    readonly reassignDanger: (users: number) => string
    readonly reassignWithout: (emails: string) => string
    readonly damage: string
    readonly damageKind: Readonly<Record<DamageKind, string>>
    readonly damageCells: (n: number) => string
    readonly repairOf: Readonly<Record<'safe' | 'ask' | 'none' | 'done', string>>
  }
}

export type ErrorWords = { readonly [C in AppErrorCode]: (error: AppErrorOf<C>) => string }

/** The words of one language; the other two are not even read. */
export async function wordsOf(language: Language): Promise<CliWords> {
  if (language === 'nb') return (await import('./nb.ts')).nb
  if (language === 'da') return (await import('./da.ts')).da
  return (await import('./en.ts')).en
}
