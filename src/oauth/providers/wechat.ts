import { primaryClientId } from '../client.ts'
import { defineProvider } from '../define-provider.ts'
import { fieldsOf, textOf } from '../fields.ts'
import type { OneClientOptions } from '../options.ts'

export interface WeChatProfile {
  openid: string
  nickname: string
  headimgurl: string
  privilege: string[]
  unionid?: string
  email?: string
  [field: string]: unknown
}

export interface WeChatOptions extends OneClientOptions<WeChatProfile> {
  platformType?: 'WebsiteApp' | undefined
  /** Of the page with the code to scan; default `cn`. */
  lang?: 'cn' | 'en' | undefined
}

const API = 'https://api.weixin.qq.com/sns'

/** WeChat: everything is in the query, with names of its own. It tells no e-mail address: `mapProfileToUser` has to. */
export const wechat = defineProvider<WeChatOptions>({
  id: 'wechat',
  name: 'WeChat',
  endpoints: {
    authorization: 'https://open.weixin.qq.com/connect/qrconnect',
    token: `${API}/oauth2/access_token`,
  },
  scopes: ['snsapi_login'],
  authorization: {
    clientIdParameter: 'appid',
    scopeSeparator: ',',
    parameters: ({ lang }) => ({ lang: lang || 'cn' }),
    order: ['scope', 'response_type', 'appid', 'redirect_uri', 'state', 'lang'],
    fragment: 'wechat_redirect',
  },
  token: {
    request: ({ grant_type = '', code, refresh_token }, { options, ask }) => {
      const appid = primaryClientId(options) ?? ''
      if (code) {
        const query = new URLSearchParams({ appid, secret: options.clientSecret ?? '', code, grant_type })
        return ask(`${API}/oauth2/access_token?${query}`)
      }
      return ask(
        `${API}/oauth2/refresh_token?${new URLSearchParams({ appid, grant_type, refresh_token: refresh_token ?? '' })}`,
      )
    },
  },
  profile: async ({ request, ask }) => {
    const openid = textOf(fieldsOf(request.raw).openid)
    if (!openid || !request.accessToken) return null
    const query = new URLSearchParams({ access_token: request.accessToken, openid, lang: 'zh_CN' })
    const profile = await ask(`${API}/userinfo?${query}`)
    return profile.openid === openid ? profile : null
  },
  // The union id is the same in all apps of one developer.
  user: ({ unionid, openid, nickname, email, headimgurl }) => ({
    id: unionid || openid,
    name: nickname,
    email,
    image: headimgurl,
  }),
})
