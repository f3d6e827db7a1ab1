import { apple } from './apple.ts'
import { atlassian } from './atlassian.ts'
import { cognito } from './cognito.ts'
import { discord } from './discord.ts'
import { dropbox } from './dropbox.ts'
import { facebook } from './facebook.ts'
import { figma } from './figma.ts'
import { github } from './github.ts'
import { gitlab } from './gitlab.ts'
import { google } from './google.ts'
import { huggingface } from './huggingface.ts'
import { kakao } from './kakao.ts'
import { kick } from './kick.ts'
import { line } from './line.ts'
import { linear } from './linear.ts'
import { linkedin } from './linkedin.ts'
import { microsoft } from './microsoft.ts'
import { naver } from './naver.ts'
import { notion } from './notion.ts'
import { paybin } from './paybin.ts'
import { paypal } from './paypal.ts'
import { polar } from './polar.ts'
import { railway } from './railway.ts'
import { reddit } from './reddit.ts'
import { roblox } from './roblox.ts'
import { salesforce } from './salesforce.ts'
import { slack } from './slack.ts'
import { spotify } from './spotify.ts'
import { tiktok } from './tiktok.ts'
import { twitch } from './twitch.ts'
import { twitter } from './twitter.ts'
import { vercel } from './vercel.ts'
import { vk } from './vk.ts'
import { wechat } from './wechat.ts'
import { zoom } from './zoom.ts'

/** Every built-in provider by its id, which is also its name in `socialProviders`. */
export const socialProviders = {
  apple,
  atlassian,
  cognito,
  discord,
  facebook,
  figma,
  github,
  microsoft,
  google,
  huggingface,
  slack,
  spotify,
  twitch,
  twitter,
  dropbox,
  kick,
  linear,
  linkedin,
  gitlab,
  tiktok,
  reddit,
  roblox,
  salesforce,
  vk,
  zoom,
  notion,
  kakao,
  naver,
  line,
  paybin,
  paypal,
  polar,
  railway,
  vercel,
  wechat,
} as const

export type SocialProviderId = keyof typeof socialProviders

/** The options of one provider. */
export type SocialProviderOptionsOf<Id extends SocialProviderId> = Parameters<(typeof socialProviders)[Id]>[0]

/** `socialProviders` of `init`: options by provider, or a function that gets them when they are first needed. */
export type SocialProviders = {
  [Id in SocialProviderId]?:
    | SocialProviderOptionsOf<Id>
    | (() => SocialProviderOptionsOf<Id> | Promise<SocialProviderOptionsOf<Id>>)
}
