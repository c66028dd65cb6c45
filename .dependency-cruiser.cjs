// Who may import whom (design.md §3). tests/architecture plants a violation of each rule and sees it fire.
const rule = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to })
const outside = (...allowed) => ({ path: '^(shared|backend|electron|renderer)/', pathNot: allowed.map((path) => '^' + path) })
const builtin = { dependencyTypes: ['core'] }

module.exports = {
  forbidden: [
    rule('no-cycles', 'A cycle hides which module owns an idea.', {}, { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } }),
    rule('no-unresolved', 'An import that leads nowhere.', {}, { couldNotResolve: true }),
    // shared
    rule('kit-is-the-floor', 'The kit has no domain words.', { path: '^shared/kit/' }, outside('shared/kit/')),
    rule('core-knows-only-kit', 'No wire, no host.', { path: '^shared/core/' }, outside('shared/(kit|core)/')),
    rule('shared-is-closed', 'shared/ imports only shared/.', { path: '^shared/' }, outside('shared/')),
    rule('shared-runs-anywhere', 'Browser, worker, Node, Electron.', { path: '^shared/' }, builtin),
    rule(
      'shared-packages-listed',
      'Only packages that need no environment.',
      { path: '^shared/' },
      {
        dependencyTypes: ['npm', 'npm-dev', 'npm-optional', 'npm-peer'],
        pathNot: 'node_modules/(typebox|libphonenumber-js|re2js|canonicalize)/',
      },
    ),
    // backend
    rule(
      'ports-are-words',
      'A port names a need; it brings nothing.',
      { path: '^backend/ports/' },
      outside('shared/(kit|core)/', 'backend/ports/'),
    ),
    rule(
      'services-through-ports',
      'Use cases see ports, not adapters.',
      { path: '^backend/services/' },
      outside('shared/', 'backend/(ports|services)/'),
    ),
    rule('services-have-no-io', 'Files, network and time come in through ports.', { path: '^backend/services/' }, builtin),
    rule(
      'adapters-stand-alone',
      'An adapter knows its port, not its neighbours.',
      { path: '^backend/adapters/([^/]+)/' },
      outside('shared/(kit|core)/', 'backend/ports/', 'backend/adapters/$1/'),
    ),
    rule(
      'hosts-through-compose',
      'A host starts the backend; it does not assemble it.',
      { path: '^backend/hosts/([^/]+)/' },
      outside(
        'shared/',
        'backend/compose',
        'backend/(ports|services|workers/engine)/',
        'backend/hosts/[^/]+\\.ts$',
        'backend/hosts/$1/',
        'backend/hosts/loopback/',
      ),
    ),
    rule(
      'backend-no-electron',
      'It also runs under the command line and loopback.',
      { path: '^backend/' },
      { path: '^(electron|renderer)/|(^|/)node_modules/electron/' },
    ),
    // electron
    rule(
      'main-through-compose',
      'The same door as every host.',
      { path: '^electron/main/' },
      outside('shared/', 'backend/(compose|ports|workers)', 'backend/hosts/[^/]+\\.ts$', 'electron/main/'),
    ),
    rule(
      'preload-is-thin',
      'It forwards and decides nothing.',
      { path: '^electron/preload/' },
      { pathNot: '^(electron/preload|shared/(contract|kit))/|(^|/)node_modules/electron/' },
    ),
    rule('electron-only-there', 'One folder knows Electron.', { pathNot: '^(electron|tests)/' }, { path: '(^|/)node_modules/electron/' }),
    // renderer
    rule('renderer-speaks-contract', 'Only through a transport.', { path: '^renderer/' }, outside('shared/', 'renderer/')),
    rule('renderer-no-node', 'It also runs in a plain browser.', { path: '^renderer/' }, builtin),
    rule(
      'features-are-separate',
      'They meet in app/ or in the backend.',
      { path: '^renderer/src/features/([^/]+)/' },
      { path: '^renderer/src/(features|app)/', pathNot: '^renderer/src/features/$1/' },
    ),
    rule('ui-has-no-domain', 'Buttons do not know users.', { path: '^renderer/src/ui/' }, outside('shared/kit/', 'renderer/src/ui/')),
  ],
  options: {
    tsPreCompilationDeps: true, // type imports count
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '\\.tsbuild' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.vue', '.js', '.mjs', '.json', '.css'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'default'],
    },
  },
}
