import { type EntityProperty, type Platform, TextType } from '@mikro-orm/core'

/** Text of any length that a field allows: MySQL's and MariaDB's plain `text` ends at 64 KiB. */
export class LongText extends TextType {
  override getColumnType(property: EntityProperty, platform: Platform): string {
    const isMySql = /^(MySql|MariaDb)/.test(platform.constructor.name)
    return isMySql ? 'mediumtext' : super.getColumnType(property, platform)
  }
}
