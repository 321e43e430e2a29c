/** Made by build.mjs. */
declare module "virtual:fronts" {
  export const fronts: import("./define").Registry;
}
