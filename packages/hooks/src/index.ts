export type * from './ChatHandle.ts'
