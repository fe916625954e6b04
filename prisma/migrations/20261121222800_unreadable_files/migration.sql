-- Files of the base branch that cannot be read now, as they were read last: what was found about them stays as it is meanwhile.
CREATE TABLE "unreadable_files" (
    "repository" TEXT NOT NULL,
    "branch" TEXT NOT NULL,
    "path" TEXT NOT NULL,
    "last_read" TEXT NOT NULL,

    CONSTRAINT "unreadable_files_pkey" PRIMARY KEY ("repository", "branch", "path")
);
