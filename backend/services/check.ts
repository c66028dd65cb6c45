export { rulesetVersion } from '../../shared/core/rules/ruleset.ts'
