namespace CalGateway.Benchmarks.Peers;

/// <summary>NGINX with <c>proxy_cache</c>, one worker, where it is installed.</summary>
internal static class Nginx
{
    public static string? Path { get; } = new[] { "/usr/sbin/nginx", "/usr/local/sbin/nginx", "/usr/bin/nginx" }.FirstOrDefault(File.Exists);

    /// <summary>Writes a configuration for one port into a folder, and gives the command that runs it.</summary>
    public static string[] Command(DirectoryInfo folder, string upstream)
    {
        var configuration = System.IO.Path.Combine(folder.FullName, "nginx.conf");
        var template = System.IO.Path.Combine(folder.FullName, "nginx.template");
        File.WriteAllText(template, $$"""
            daemon off; worker_processes 1; user {{Environment.UserName}}; pid {{folder.FullName}}/nginx.pid; error_log stderr error;
            events { worker_connections 256; }
            http {
              access_log off;
              client_body_temp_path {{folder.FullName}}/body; proxy_temp_path {{folder.FullName}}/proxy;
              fastcgi_temp_path {{folder.FullName}}/fastcgi; uwsgi_temp_path {{folder.FullName}}/uwsgi; scgi_temp_path {{folder.FullName}}/scgi;
              proxy_cache_path {{folder.FullName}}/cache keys_zone=answers:10m;
              keepalive_requests 100000000;
              server {
                listen 127.0.0.1:PORT;
                location /calcom/ {
                  proxy_pass {{upstream}};
                  proxy_set_header Authorization "Bearer cal_test_benchmark";
                  proxy_set_header cal-api-version "2024-06-14";
                  proxy_cache answers; proxy_cache_valid 200 1h; proxy_cache_lock on;
                  add_header X-Cache-Status $upstream_cache_status;
                }
              }
            }
            """);
        return ["sh", "-c", $"sed s/PORT/{{port}}/ {template} > {configuration} && exec {Path} -c {configuration}"];
    }
}
