#!/usr/bin/env node
if (parseInt(process.versions.node, 10) < 20) {
  console.log(
    `::error::This action needs Node 20.16 or later, but was started with Node ${process.versions.node}. Update the runner (GitHub's runners from 2.327.1 on bring Node 24), or the node on its PATH.`,
  );
  process.exit(1);
}
