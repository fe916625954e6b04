/** @type {import('next').NextConfig} */
const config = {
  poweredByHeader: false,
  reactStrictMode: true,
  // Run by Node as they are: they load native code, worker threads or files by path.
  serverExternalPackages: ['pg', 'graphile-worker', 'pino', '@prisma/client', '@prisma/adapter-pg'],
};

export default config;
