/** @type {import('next').NextConfig} */
const config = {
  poweredByHeader: false,
  reactStrictMode: true,
  // `make test` checks the types of the whole project, tests included; a build that did it again would double the first start.
  typescript: { ignoreBuildErrors: true },
  // Run by Node as they are: they load native code, worker threads or files by path.
  serverExternalPackages: ['pg', 'graphile-worker', 'pino', '@prisma/client', '@prisma/adapter-pg'],
};

export default config;
