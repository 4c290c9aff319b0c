<?php
// A site's own chat proxy in plain PHP 8.1 with its openssl: it adds the credentials to SecondMe's `init` and `send`, and
// passes the answers through. It knows nothing of conversations. Let your server send /chat/init and /chat/send here, or try:
//
//   SECONDME_CLIENT_ID=… SECONDME_CLIENT_SECRET=… SECONDME_API_KEY=sk-… ALLOWED_ORIGINS=https://shop.example \
//       TOKEN_FILE=/var/lib/shop/secondme-token php -S 127.0.0.1:8080 proxy.php
declare(strict_types=1);

const LARGEST_BODY = 64 * 1024;
// What a page may say; whatever else it sends stays here.
const FIELDS = ['init' => ['visitorId', 'visitorName'], 'send' => ['sessionId', 'message']];

/** Ends the request with an answer of SecondMe's, or of the proxy's own. */
function answer(int $status, string $body, ?string $retryAfter = null): never
{
    http_response_code($status);
    header('Content-Type: application/json');
    header('Cache-Control: no-store');
    $retryAfter === null || header("Retry-After: $retryAfter");
    exit($body);
}

function fail(int $status, string $name, ?string $retryAfter = null): never
{
    $failure = ['code' => $status, 'subCode' => "proxy.$name", 'message' => "The request failed: $name."];
    answer($status, json_encode($failure), $retryAfter);
}

/** Asks SecondMe; gives the status, the body and how long it asks to wait. */
function ask(string $path, string $type, string $body, string $authorization = ''): array
{
    $base = getenv('SECONDME_BASE_URL') ?: 'https://api.mindverse.com/gate/lab';
    $http = ['method' => 'POST', 'header' => "Content-Type: $type\r\n$authorization", 'content' => $body, 'timeout' => 15];
    $context = stream_context_create(['http' => $http + ['ignore_errors' => true, 'follow_location' => 0]]);
    $answer = @file_get_contents("$base/api/$path", false, $context);
    if ($answer === false || json_decode($answer) === null) {
        fail(503, 'upstream_unavailable', '5');
    }
    $wait = preg_grep('/^retry-after:/i', $http_response_header);
    return [(int) explode(' ', $http_response_header[0])[1], $answer, $wait ? trim(explode(':', end($wait))[1]) : null];
}

/** The app's token, kept until a minute before it ends in a file that is in no folder of pages: it is a secret, too. */
function appToken(bool $refused): string
{
    umask(0077);
    $file = fopen(getenv('TOKEN_FILE'), 'c+');
    flock($file, LOCK_EX);
    [$token, $end] = json_decode(stream_get_contents($file) ?: '["", 0]');
    if ($refused || time() >= $end) {
        $app = ['client_id' => getenv('SECONDME_CLIENT_ID'), 'client_secret' => getenv('SECONDME_CLIENT_SECRET')];
        $form = http_build_query($app + ['grant_type' => 'client_credentials', 'scope' => 'chat.write']);
        [, $granted] = ask('oauth/token/client', 'application/x-www-form-urlencoded', $form);
        $data = json_decode($granted)->data ?? fail(503, 'upstream_unavailable', '5');
        [$token, $end] = [$data->accessToken, time() + $data->expiresIn - 60];
        ftruncate($file, 0) && rewind($file) && fwrite($file, json_encode([$token, $end]));
    }
    return $token;
}

$call = basename(parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH) ?: '');
$origin = $_SERVER['HTTP_ORIGIN'] ?? '';
header('Vary: Origin');
isset(FIELDS[$call]) || fail(404, 'invalid_request');
in_array($origin, explode(',', getenv('ALLOWED_ORIGINS')), true) || fail(403, 'origin_not_allowed');
header("Access-Control-Allow-Origin: $origin");
header('Access-Control-Allow-Headers: content-type');
header('Access-Control-Expose-Headers: retry-after');
$_SERVER['REQUEST_METHOD'] === 'OPTIONS' && answer(204, '');
$_SERVER['REQUEST_METHOD'] === 'POST' || fail(405, 'invalid_request');
$body = file_get_contents('php://input', length: LARGEST_BODY + 1);
strlen($body) <= LARGEST_BODY || fail(413, 'invalid_request');
is_array($said = json_decode($body, true)) || fail(400, 'invalid_request');
$fields = json_encode(array_intersect_key($said, array_flip(FIELDS[$call])) + ['apiKey' => getenv('SECONDME_API_KEY')]);
$bearer = fn (bool $refused) => 'Authorization: Bearer ' . appToken($refused);
$attempt = fn (bool $refused) => ask("secondme/visitor-chat/$call", 'application/json', $fields, $bearer($refused));
$answer = $attempt(false);
// SecondMe looks at the token before anything else, so asking again doubles nothing.
answer(...($answer[0] === 401 ? $attempt(true) : $answer));
