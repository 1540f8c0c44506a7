#include "reference/updating/updates.h"

#include "reference/updating/signed-packages.h"
#include "reference/updating/updater.h"

#include <boost/asio/io_context.hpp>

namespace lanpeer::reference
{

Updates::Updates(boost::asio::io_context& io,
                 PeeringService& service,
                 const UpdateSettings& settings)
{
    if (!settings.config.catalogUrl.empty())
    {
        m_updater = std::make_shared<Updater>(io, service, settings);
    }
    if (!settings.rootFile.empty())
    {
        m_signed = std::make_unique<SignedPackages>(io, service, settings, m_updater);
    }
}

Updates::~Updates() = default;

void
Updates::Start(std::unique_ptr<Updates> before)
{
    if (before && before->m_updater && !m_updater)
    {
        before->m_updater->Stop("the configuration was read again, and names no catalog any more");
    }
    if (m_updater)
    {
        m_updater->Start(before ? before->m_updater.get() : nullptr);
    }
    if (m_signed)
    {
        m_signed->Start(before ? before->m_signed.get() : nullptr);
    }
}

} // namespace lanpeer::reference
