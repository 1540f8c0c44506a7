// lanpeer: asks the peering service of this computer, and makes what updates come in.
//
// Exit 0: done. 1: failed, with the reason in one line. 2: wrong use.

#include "model/settings/text.h"
#include "reference/lanpeer/commands.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include <cstdio>
#include <exception>
#include <functional>
#include <string>

namespace
{

using namespace lanpeer::command;

constexpr int kFailed = 1;
constexpr int kWrongUse = 2;

constexpr const char* kFooter = R"(Examples:
  lanpeer get http://updates.example.org/Myavdat.0104060900.cab --sha256 5891b5b522d5df086d0ff0b110fbd9d2...
  lanpeer get http://updates.example.org/Myavdat.202611291200.cab --signed
  lanpeer offer http://updates.example.org/Myavdat.0104060900.cab ./Myavdat.0104060900.cab
  lanpeer why http://updates.example.org/Myavdat.0104060900.cab
  lanpeer status
  lanpeer pack --name Myavdat.202611291200.cab --cert signing.pem --key signing.key Myavdat.dat
  lanpeer catalog --out myupdate.cab --cert signing.pem --key signing.key --version 7 --expires 2027-01-31 --base-url http://updates.example.org/ --revocations revoked.crl Myavdat.202611291200.cab
)";

/// Adds the sub-commands; what is chosen is what `run` does.
void
AddCommands(CLI::App& app, const std::string& socket, std::function<int()>& run)
{
    static GetOptions get;
    static OfferOptions offer;
    static StatusOptions status;
    static UpdateOptions update;
    static std::string url;
    static bool json = false;

    auto* getting = app.add_subcommand("get", "Get a file: from here, a peer or the Internet");
    getting->add_option("URL", get.url, "What to get")->required();
    getting->add_option("-o", get.output, "Where to put it; - is standard output [the URL's name]")
        ->type_name("FILE");
    auto* digest = getting->add_option("--sha256", get.sha256, "What it must be")->type_name("HEX");
    getting
        ->add_flag("--signed",
                   get.signedPackage,
                   "A signed package of the URL's name; without either, from the Internet only")
        ->excludes(digest);
    getting->add_flag("--no-wait", get.noWait, "Do not wait for another computer's download");
    getting->add_flag("--lan-only", get.lanOnly, "Do not go to the Internet");
    getting->add_flag("--json", get.json, "Print the result as JSON");
    getting->callback(
        [&run, &socket]
        {
            run = [&socket]
            {
                return Get(socket, get);
            };
        });

    auto* offering = app.add_subcommand("offer", "Offer a file to peers as the copy of a URL");
    offering->add_option("URL", offer.url, "What it is a copy of")->required();
    offering->add_option("FILE", offer.file, "The file")->required();
    offering->add_option("--sha256", offer.sha256, "What it must be")->type_name("HEX");
    offering->callback(
        [&run, &socket]
        {
            run = [&socket]
            {
                return Offer(socket, offer);
            };
        });

    auto* withdrawing = app.add_subcommand("withdraw", "Offer a copy no longer, and remove it");
    withdrawing->add_option("URL", url, "What it is a copy of")->required();
    withdrawing->callback(
        [&run, &socket]
        {
            run = [&socket]
            {
                return Withdraw(socket, url);
            };
        });

    auto* listing = app.add_subcommand("list", "The copies held here");
    listing->add_flag("--json", json, "As JSON");
    listing->callback(
        [&run, &socket]
        {
            run = [&socket]
            {
                return List(socket, json);
            };
        });

    auto* telling = app.add_subcommand("status", "What the service holds, and how much it saved");
    telling->add_flag("--json", status.json, "As JSON");
    telling->add_flag("--prometheus", status.prometheus, "As Prometheus text");
    telling->callback(
        [&run, &socket]
        {
            run = [&socket]
            {
                return Status(socket, status);
            };
        });

    auto* asking = app.add_subcommand("why", "Each step that a request for a URL took");
    asking->add_option("URL", url, "What was asked for")->required();
    asking->add_flag("--json", json, "As JSON");
    asking->callback(
        [&run, &socket]
        {
            run = [&socket]
            {
                return Why(socket, url, json);
            };
        });

    auto* updating = app.add_subcommand(
        "update", "What is installed, what is newer, and when the next check is");
    auto* checking = updating->add_flag("--check", update.check, "Check now what is newer");
    updating->add_flag("--now", update.now, "Check now, and install what is newer")
        ->excludes(checking);
    updating->add_flag("--json", update.json, "As JSON");
    updating->callback(
        [&run, &socket]
        {
            run = [&socket]
            {
                return Update(socket, update);
            };
        });

    auto* looking =
        app.add_subcommand("doctor", "Look for what keeps peers from finding each other");
    looking->add_flag("--json", json, "As JSON");
    looking->callback(
        [&run, &socket]
        {
            run = [&socket]
            {
                return Doctor(socket, json);
            };
        });
}

/// What whoever signs signs with.
template <typename Options>
void
AddSigning(CLI::App& command, Options& options, const char* certificate)
{
    command.add_option("--cert", options.certificate, certificate)->type_name("PEM")->required();
    command.add_option("--key", options.key, "Its private key, without a password")
        ->type_name("PEM")
        ->required();
    command.add_flag("--json", options.json, "Print what was made as JSON");
}

constexpr const char* kSigningCertificate =
    "Certificate for signing code, issued by the root itself";

void
AddPack(CLI::App& app, std::function<int()>& run)
{
    static PackOptions pack;
    auto* packing = app.add_subcommand("pack", "Make a signed package of files");
    packing->add_option("--name", pack.name, "Its name with its version: PRODUCT.YYYYMMDDHHMM.cab")
        ->type_name("NAME")
        ->required();
    packing->add_option("--out", pack.output, "Where to put it [NAME]")->type_name("FILE");
    AddSigning(*packing, pack, kSigningCertificate);
    packing->add_option("FILE", pack.files, "What goes in; folders with all that is in them")
        ->required();
    packing->callback(
        [&run]
        {
            run = []
            {
                return Pack(pack);
            };
        });
}

void
AddCatalog(CLI::App& app, std::function<int()>& run)
{
    static CatalogOptions catalog;
    auto* listing = app.add_subcommand("catalog", "Make the signed catalog of packages");
    listing->add_option("--out", catalog.output, "Where to put it, called as in its URL")
        ->type_name("FILE")
        ->required();
    AddSigning(*listing, catalog, kSigningCertificate);
    listing->add_option("--version", catalog.version, "Higher than that of the catalog before")
        ->type_name("N")
        ->required();
    listing->add_option("--expires", catalog.expires, "The last day (UTC), or second since 1970")
        ->type_name("DATE")
        ->required();
    listing->add_option("--base-url", catalog.baseUrl, "Where the packages will be served")
        ->type_name("URL")
        ->required();
    listing
        ->add_option("--epoch",
                     catalog.epoch,
                     "A new one restarts the version; no more than the list's number [1]")
        ->type_name("N");
    listing
        ->add_option(
            "--set", catalog.sets, "SET=PRODUCT,PRODUCT...: install them together or not at all")
        ->type_name("SET")
        ->allow_extra_args(false);
    listing->add_option("--revocations", catalog.revocations, "What lanpeer revoke made")
        ->type_name("FILE");
    listing->add_option("FILE", catalog.packages, "The packages")->required();
    listing->callback(
        [&run]
        {
            run = []
            {
                return MakeCatalog(catalog);
            };
        });
}

void
AddRevoke(CLI::App& app, std::function<int()>& run)
{
    static RevokeOptions revoke;
    auto* revoking =
        app.add_subcommand("revoke", "Make the root's list of certificates that count no longer");
    revoking->add_option("--out", revoke.output, "Where to put it")->type_name("FILE")->required();
    AddSigning(*revoking, revoke, "The root's certificate");
    revoking->add_option("--number", revoke.number, "Higher than that of the list before")
        ->type_name("N")
        ->required();
    revoking->add_option("--days", revoke.days, "How long it counts [until there is another]")
        ->type_name("N");
    revoking->add_option("SERIAL", revoke.serials, "All that count no longer, hexadecimal; none");
    revoking->callback(
        [&run]
        {
            run = []
            {
                return Revoke(revoke);
            };
        });
}

} // namespace

int
main(int argc, char** argv)
{
    std::string socket;
    std::function<int()> run;
    CLI::App app("Asks the peering service of this computer (lanpeerd).", "lanpeer");
    app.footer(kFooter);
    app.require_subcommand(1);
    app.fallthrough();
    app.add_option("--socket", socket, "Where the service listens [/run/lanpeer/control.sock]")
        ->type_name("PATH");
    AddCommands(app, socket, run);
    AddPack(app, run);
    AddCatalog(app, run);
    AddRevoke(app, run);
    try
    {
        app.parse(argc, argv);
    }
    catch (const CLI::CallForHelp& error)
    {
        return app.exit(error);
    }
    catch (const CLI::ParseError& error)
    {
        const auto unknown = app.remaining(); // what CLI11 leaves unnamed when a command is missing
        if (app.get_subcommands().empty() && !unknown.empty())
        {
            fmt::print(stderr,
                       "lanpeer: {}: no such command; lanpeer --help lists them\n",
                       lanpeer::settings::OneLine(unknown.front()));
            return kWrongUse;
        }
        fmt::print(stderr, "lanpeer: {}\n", lanpeer::settings::OneLine(error.what()));
        return kWrongUse;
    }
    try
    {
        return run();
    }
    catch (const WrongUse& error)
    {
        fmt::print(stderr, "lanpeer: {}\n", lanpeer::settings::WholeLine(error.what()));
        return kWrongUse;
    }
    catch (const std::exception& error)
    {
        // URLs of others may be in it (L22).
        fmt::print(stderr, "lanpeer: {}\n", lanpeer::settings::WholeLine(error.what()));
        return kFailed;
    }
}
