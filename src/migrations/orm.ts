/** MikroORM over any of its SQL drivers. */
export type { MikroORM as Orm } from '@mikro-orm/sql'
