/// Configurations of the measured proxies: one thread, connections to the server kept open, no access log.
enum ProxyFiles {
    /// A replica that admits all streams of the benchmark at once.
    static let profile = """
        {"name": "bench", "accelerators": 1, "c0": 0.01, "c1": 0.00001, "c2": 0, "c3": 0, "c4": 0.0001,
         "max_batch": 8192, "kv_tokens": 100000000, "backlog_seconds": 3600, "price_per_accelerator_hour": 0}
        """

    static func tideway(port: Int, stub: Int) -> String {
        """
        workloads:
          - id: bench
            variants:
              - profile: ./profile.json
                engine:
                  static:
                    urls: ["http://127.0.0.1:\(stub)"]
        gateway:
          listen: 127.0.0.1:\(port)
          threads: 1
        controller:
          shutdown_deadline: 1s
        """
    }

    static func nginx(folder: String, port: Int, stub: Int) -> String {
        """
        daemon off;
        master_process off;
        worker_processes 1;
        worker_rlimit_nofile 20000;
        pid \(folder)/nginx.pid;
        error_log \(folder)/error.log;
        events { worker_connections 10000; }
        http {
            access_log off;
            client_body_temp_path \(folder)/body;
            proxy_temp_path \(folder)/proxy;
            fastcgi_temp_path \(folder)/fastcgi;
            uwsgi_temp_path \(folder)/uwsgi;
            scgi_temp_path \(folder)/scgi;
            keepalive_requests 1000000000;
            upstream stub { server 127.0.0.1:\(stub); keepalive 256; keepalive_requests 1000000000; }
            server {
                listen 127.0.0.1:\(port) backlog=4096;
                proxy_http_version 1.1;
                proxy_set_header Connection "";
                proxy_read_timeout 600s;
                proxy_max_temp_file_size 0;
                location / { proxy_pass http://stub; }
                location /stream { proxy_pass http://stub; proxy_buffering off; }
            }
        }
        """
    }

    static func haproxy(port: Int, stub: Int) -> String {
        """
        global
            nbthread 1
            maxconn 9000
        defaults
            mode http
            timeout connect 5s
            timeout client 600s
            timeout server 600s
            option http-keep-alive
            http-reuse always
        frontend in
            bind 127.0.0.1:\(port) backlog 4096
            default_backend stub
        backend stub
            server stub 127.0.0.1:\(stub)

        """
    }
}
