import type { EntityProperty, Platform, TextType } from '@mikro-orm/core'

/** The types of `@mikro-orm/core` that are built upon. */
export interface MikroOrmTypes {
  TextType: typeof TextType
}

/** Text of any length that a field allows: MySQL's and MariaDB's plain `text` ends at 64 KiB. */
export function longText({ TextType }: MikroOrmTypes): typeof TextType {
  return class LongText extends TextType {
    override getColumnType(property: EntityProperty, platform: Platform): string {
      const isMySql = /^(MySql|MariaDb)/.test(platform.constructor.name)
      return isMySql ? 'mediumtext' : super.getColumnType(property, platform)
    }
  }
}
