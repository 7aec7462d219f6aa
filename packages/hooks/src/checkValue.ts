/** What checks a value by a schema, in a module that is loaded when a value is first there. */
export { validateWithSchema } from '@candor/core'
