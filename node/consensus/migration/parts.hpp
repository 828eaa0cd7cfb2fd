#pragma once

#include "node/consensus/migration/part_writer.hpp"

/// The parts of a Heimdall v1 genesis whose form is another in v2, one function each (heimdall-v2
/// cmd/heimdalld/cmd/migrate.go; fixtures/heimdall shows a file before and after). Each writes the
/// members of its part; the caller begins and finishes it.

namespace buri::consensus::migration {

/// Accounts become the SDK's, without those of modules; their coins go to bank.
Status<runtime::Error> write_auth(PartWriter& part);
/// `auth` is the old part of that module.
Status<runtime::Error> write_bank(PartWriter& part, const app::GenesisFileSection& auth);
Status<runtime::Error> write_bor(PartWriter& part);
Status<runtime::Error> write_chainmanager(PartWriter& part, const std::string& chain_id);
Status<runtime::Error> write_checkpoint(PartWriter& part);
Status<runtime::Error> write_clerk(PartWriter& part);
Status<runtime::Error> write_gov(PartWriter& part);
/// The part of milestone, from that of checkpoint.
Status<runtime::Error> write_milestone(PartWriter& part);
/// The part of stake, from that of staking.
Status<runtime::Error> write_stake(PartWriter& part);
Status<runtime::Error> write_topup(PartWriter& part);

}  // namespace buri::consensus::migration
